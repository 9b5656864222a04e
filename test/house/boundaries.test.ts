import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import rootPackage from "../../package.json" with { type: "json" };
import runtimePackage from "../../runtime/package.json" with { type: "json" };
import { type Import, packageOf, readImports } from "./read-imports.js";
import { sourceFiles } from "./source-files.js";

const runtime = sourceFiles("runtime").flatMap(readImports);
const schema = sourceFiles("schema").flatMap(readImports);
const generator = sourceFiles("generator").flatMap(readImports);

describe("the runtime", () => {
  const peers = Object.keys(runtimePackage.peerDependencies);

  /** A computed name is that of the package for zstd, which no bundler should look for. Decorators are Nest's own from the first line. */
  test("needs no package but its optional peers, and those only when they are used", () => {
    const isFault = ({ file, specifier, when }: Import): boolean => {
      const name = packageOf(specifier);
      if (name === "(computed)") return file !== "runtime/compression/zstd-engine.ts";
      const isNest = name?.startsWith("@nestjs/") === true && /^runtime\/http\/nest[./]/.test(file);
      return name !== null && (!peers.includes(name) || (when === "value" && !isNest));
    };
    expect(faults(runtime, isFault)).toEqual([]);
  });

  /** Buffers apart, which those platforms have too. */
  test("meets Node's own modules in few places, so that other platforms can follow", () => {
    const mayUseNode = /^runtime\/(platform\/built-ins\.ts|http\/|backends\/|compression\/|testing\/)/;
    const isFault = ({ file, specifier, when }: Import): boolean =>
      /^node:(?!buffer$)/.test(specifier) && when !== "type" && !mayUseNode.test(file);
    expect(faults(runtime, isFault)).toEqual([]);
  });
});

describe("the words of a schema file", () => {
  test("take nothing from the runtime, and from the generator only the function generate, when it is called", () => {
    const isFault = ({ file, specifier, when }: Import): boolean => {
      if (!specifier.startsWith(".") || isInside(file, specifier, "schema")) return false;
      return file !== "schema/generate.ts" || when === "value" || !isInside(file, specifier, "generator");
    };
    expect(faults(schema, isFault)).toEqual([]);
  });

  test("load no package: TypeBox only where it is asked for by name", () => {
    const isFault = ({ file, specifier, when }: Import): boolean => {
      const name = packageOf(specifier);
      return name !== null && when !== "type" && !(file === "schema/typebox.ts" && name === "typebox");
    };
    expect(faults(schema, isFault)).toEqual([]);
  });
});

describe("the generator", () => {
  const dependencies = Object.keys(rootPackage.dependencies);
  const peers = Object.keys(rootPackage.peerDependencies);

  /** Drivers are the user's own, by `createRequire`; a computed name is a module that only some versions have. */
  test("loads only packages that its users have: dependencies, and others only when they are used", () => {
    const lazily = [...peers, ...Object.keys(runtimePackage.peerDependencies), "(computed)"];
    const isFault = ({ specifier, when }: Import): boolean => {
      const name = packageOf(specifier);
      if (name === null || dependencies.includes(name)) return false;
      return !(lazily.includes(name) && when !== "value");
    };
    expect(faults(generator, isFault)).toEqual([]);
  });

  test("never loads the compiler of the user, which may have no such interface", () => {
    expect(
      faults([...generator, ...schema], ({ specifier }) => packageOf(specifier) === "typescript"),
    ).toEqual([]);
  });
});

/** Whether a relative import leads into a room. */
function isInside(file: string, specifier: string, room: string): boolean {
  return posix.join(posix.dirname(file), specifier).startsWith(`${room}/`);
}

function faults(imports: readonly Import[], isFault: (found: Import) => boolean): readonly string[] {
  return imports.filter(isFault).map(({ file, specifier, when }) => `${file} → ${specifier} (${when})`);
}
