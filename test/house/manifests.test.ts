import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import rootPackage from "../../package.json" with { type: "json" };
import runtimePackage from "../../runtime/package.json" with { type: "json" };
import { root } from "./source-files.js";

const sections = z.record(z.string(), z.string()).optional();
const lockedPackage = z.object({
  dependencies: sections,
  devDependencies: sections,
  peerDependencies: sections,
  optionalDependencies: sections,
});

describe("@session-gen/runtime", () => {
  test("has no required dependency", () => {
    expect(Object.keys(runtimePackage)).not.toContain("dependencies");
    expect(Object.keys(runtimePackage)).not.toContain("optionalDependencies");
    expect(required(runtimePackage)).toEqual([]);
  });

  test("exports what has a source", () => {
    expect(missingSources("runtime", runtimePackage.exports)).toEqual([]);
  });
});

describe("session-gen", () => {
  test("has only optional peers", () => {
    expect(required(rootPackage)).toEqual([]);
  });

  test("exports what has a source", () => {
    expect(missingSources("", rootPackage.exports)).toEqual([]);
  });

  test("has one version with its runtime, and one licence", () => {
    expect(rootPackage.version).toBe(runtimePackage.version);
    expect(rootPackage.license).toBe(runtimePackage.license);
    expect(rootPackage.engines).toEqual(runtimePackage.engines);
  });
});

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

function required({ peerDependencies, peerDependenciesMeta }: Manifest): readonly string[] {
  return Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
}

type Exports = Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;

function missingSources(folder: string, exports: Exports): readonly string[] {
  return Object.entries(exports).flatMap(([entry, target]) => {
    if (typeof target === "string") return existsSync(join(root, folder, target)) ? [] : [entry];
    const source = target.default.replace("./dist/", "").replace(/\.js$/, ".ts");
    const isPaired = target.types === target.default.replace(/\.js$/, ".d.ts");
    return isPaired && existsSync(join(root, folder, source)) ? [] : [entry];
  });
}

describe("package-lock.json", () => {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");
  const { packages } = z.object({ packages: z.record(z.string(), lockedPackage) }).parse(JSON.parse(text));

  /** npm leaves out what its registry does not have at that moment, and `npm ci` then refuses to install anything. */
  test("has the packages of every platform", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !Object.hasOwn(packages, `${path}/node_modules/${name}`) &&
          !Object.hasOwn(packages, `node_modules/${name}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("is that of package.json", () => {
    expect(wanted(packages[""])).toEqual(wanted(rootPackage));
    expect(wanted(packages["runtime"])).toEqual(wanted(runtimePackage));
  });
});

function wanted(manifest: unknown): readonly unknown[] {
  const { dependencies, devDependencies, peerDependencies } = lockedPackage.parse(manifest);
  return [dependencies, devDependencies, peerDependencies];
}
