import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { installedVersion } from "../../generator/doctor/installed-version.js";
import { root } from "../house/source-files.js";
import { isNightly } from "../suites/faults/scale.js";
import { installOnDemand } from "./on-demand.js";
import { tarballOf } from "./tarballs.js";

const schema = `import { defineSession, env, jwt } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  adapters: ["hono"],
  backend: jwt({ algorithm: "HS256", keys: env("SESSION_KEYS"), issuer: "shop", audience: "shop" }),
});
`;

/** Runs Yarn in a folder; what is printed to both streams, and how it ended. */
async function yarn(folder: string, ...args: readonly string[]): Promise<{ code: number; output: string }> {
  const packages = installOnDemand("yarn", { "@yarnpkg/cli-dist": "^4.18.1" });
  const command = join(packages, "node_modules/@yarnpkg/cli-dist/bin/yarn.js");
  const environment = {
    ...process.env,
    NO_COLOR: "1",
    SESSION_KEYS: randomBytes(32).toString("base64url"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
  const child = promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, env: environment });
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
  );
}

test("a package is found in the nearest node_modules, without being run", () => {
  expect(installedVersion(join(root, "test/packages"), "jose")).toMatch(/^6\./);
  expect(installedVersion(join(root, "test/packages"), "@types/node")).toMatch(/^20\./);
  expect(installedVersion(join(root, "test/packages"), "no-such-package")).toBeUndefined();
});

/** Yarn takes its packages from the registry. */
if (isNightly) {
  test("a project of Yarn without node_modules generates, and doctor finds its packages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "session-gen-yarn-"));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    const install = async (dependencies: Readonly<Record<string, string>>): Promise<void> => {
      const ours = { "@session-gen/runtime": tarballOf("runtime"), "session-gen": tarballOf(".") };
      const files = Object.entries(ours).map(([name, path]) => [name, `file:${path}`]);
      const all = { ...Object.fromEntries(files), zod: "^4.6.7", ...dependencies };
      write(
        "package.json",
        JSON.stringify({ name: "shop", private: true, type: "module", dependencies: all }),
      );
      const { code, output } = await yarn(folder, "install");
      expect(code, output).toBe(0);
    };
    write(".yarnrc.yml", "nodeLinker: pnp\nenableTelemetry: false\nnpmMinimalAgeGate: 0\n");
    write("yarn.lock", "");
    write("session.schema.ts", schema);
    await install({ jose: "^6.2.18" });
    const generated = await yarn(folder, "session-gen");
    expect(generated.code, generated.output).toBe(0);
    // What is there is not missed, and what is missing is.
    expect(generated.output).not.toContain("jose");
    expect(generated.output).toContain("The package hono is not installed");
    expect((await yarn(folder, "session-gen", "--check")).code).toBe(0);
    await install({ jose: "^6.2.18", hono: "^4.13.19" });
    const { code, output } = await yarn(folder, "session-gen", "doctor");
    expect(output).toMatch(/ok +packages +@session-gen\/runtime 0/);
    expect(output).toMatch(/ok +packages +jose 6/);
    expect(output).toMatch(/ok +packages +hono 4/);
    expect(code, output).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);
}
