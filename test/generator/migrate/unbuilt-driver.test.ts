import { afterEach, expect, it, vi } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createProject, schemaText, type TestProject } from "../commands/project.js";

let project: TestProject | undefined;
afterEach(() => {
  project?.remove();
  vi.doUnmock("better-sqlite3");
});

const reasons = [
  [
    "The module was compiled against a different Node.js version using NODE_MODULE_VERSION 115.",
    "another version of Node",
  ],
  ["Could not locate the bindings file.", "not built"],
] as const;

it.each(reasons)("what keeps better-sqlite3 from loading is told apart: %s", async (reason, told) => {
  await expect(opening(reason)).rejects.toMatchObject({
    code: "config",
    message: expect.stringMatching(new RegExp(`${told}.*npm rebuild better-sqlite3`)),
  });
  project = createProject({
    "session.schema.ts": schemaText("", 'backend: database({ dialect: "sqlite", url: ":memory:" })'),
    "node_modules/better-sqlite3/package.json": '{ "name": "better-sqlite3", "version": "12.9.0" }',
    "node_modules/better-sqlite3/index.js": `module.exports = class { constructor() { throw new Error(${JSON.stringify(reason)}); } };`,
  });
  expect((await project.run()).code).toBe(0);
  const { code, log } = await project.run("migrate", "up");
  expect(code).toBe(2);
  expect(log).toMatch(new RegExp(`${told}.*npm rebuild better-sqlite3`));
});

const runtimes = [
  ["'better-sqlite3' is not yet supported in Bun.", "a Kysely over bun:sqlite"],
  [
    "Cannot load native addon at better_sqlite3.node: it was built against the legacy API, which Deno does not support.",
    "npm install better-sqlite3@13",
  ],
] as const;

it.each(runtimes)("who cannot load it is told what to do instead: %s", async (reason, told) => {
  await expect(opening(reason)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(told),
  });
});

/** Opens a database by a driver that throws this. */
function opening(reason: string): Promise<boolean> {
  class Driver {
    constructor() {
      throw new Error(reason);
    }
  }
  vi.doMock("better-sqlite3", () => ({ default: Driver }));
  return createDatabaseBackend({ dialect: "sqlite", url: ":memory:" }).exists("x");
}
