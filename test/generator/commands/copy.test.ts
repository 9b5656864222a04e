import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeMarks, readMarks } from "../../../runtime/store/index-ledger.js";
import { recordOf } from "../../runtime/copied-records.js";
import type { TestRun } from "./project.js";
import { createStoreProject, type StoreProject, storeSchema } from "./stores.js";

let stores: StoreProject;

beforeEach(async () => {
  stores = await createStoreProject();
  for (let count = 0; count < 7; count++) {
    await stores.from.create(recordOf(`s${count}`, { revision: 1 + count, indexed: { userId: count } }));
  }
  await stores.from.create(recordOf("over", { expiresAt: Date.now() - 1 }));
});

afterEach(() => stores.remove());

const route = ["copy", "--from", "from.schema.ts", "--to", "to.schema.ts"];

test("copies the sessions of one schema's store to the other's, a line for each batch", async () => {
  const { code, log, out } = await stores.project.run(...route, "--batch", "3");
  expect([code, out]).toEqual([0, ""]);
  expect(log).toContain("pass 1, copying: 3 seen; 2 created, 0 replaced, 0 with another expiry, 0 deleted\n");
  expect(log).toContain("Done: 7 created, 0 replaced, 0 with another expiry, 0 deleted.\n");
  expect(log).toContain("Live sessions of the source: 7, and 1 expired, which are not copied.\n");
  for (let count = 0; count < 7; count++) {
    expect(await stores.to.load(`s${count}`)).toEqual(await stores.from.load(`s${count}`));
  }
});

test("run again, it brings what has changed and deletes what it brought and has ended", async () => {
  await stores.project.run(...route);
  await stores.to.create(recordOf("foreign"));
  await stores.from.delete("s1");
  await stores.from.save(recordOf("s0", { revision: 2 }));
  const { code, status, part } = await stores.json(...route, "--verify");
  expect([code, status]).toEqual([0, "ok"]);
  expect(part).toMatchObject({
    ...{ outcome: "complete", created: 0, replaced: 1, deleted: 1, sessions: 6 },
    verified: { compared: 6, different: 0, handles: [], foreign: 1 },
  });
  expect(await stores.to.load("s1")).toBeNull();
  expect(await stores.to.exists("foreign")).toBe(true);
});

test("verification ends with 1 when a record was tampered with, and names its handle", async () => {
  await stores.project.run(...route);
  await stores.to.delete("s2");
  await stores.to.create(recordOf("s2", { revision: 3, data: new TextEncoder().encode("{}") }));
  const run = await stores.project.run(...route, "--verify");
  expect(run.code).toBe(1);
  expect(run.log).toContain("Compared 7 sessions: 1 different.\n  s2\n");
  expect(await stores.json(...route, "--verify")).toMatchObject({ code: 1, status: "stale" });
});

test("what versions note of their indexes is brought along, and is no session", async () => {
  await changeMarks(stores.from, "session", () => ({ userId: true }));
  const { log } = await stores.project.run(...route, "--verify");
  expect(log).toContain("Done: 7 created,");
  expect(log).toContain("Live sessions of the source: 7");
  expect(log).toContain("Compared 7 sessions: no difference.");
  expect(log).not.toContain("9 seen");
  expect(await readMarks(stores.to, "session")).toEqual({ userId: true });
});

test("what the target's versions note of their indexes is no session that the source lacks", async () => {
  await changeMarks(stores.to, "session", () => ({ userId: false }));
  expect((await stores.project.run(...route, "--verify")).log).not.toContain("the source does not have");
});

test("a dry run writes nothing, not even what it would remember", async () => {
  const { code, part } = await stores.json(...route, "--dry-run");
  expect([code, part]).toMatchObject([0, { outcome: "planned", created: 7 }]);
  expect(await stores.to.load("s0")).toBeNull();
  expect(() => stores.project.read(".session-gen")).toThrow("ENOENT");
});

test("the state is a file of the user's choice, and one that is none is refused", async () => {
  await stores.project.run(...route, "--state", "my.state");
  expect(JSON.parse(stores.project.read("my.state"))).toEqual({ isComplete: true });
  expect(stores.project.read("my.state.writes")).toContain('["s0","w-s0-1"]\n');
  stores.project.write("my.state", "{");
  expect(await stores.project.run(...route, "--state", "my.state")).toMatchObject({
    code: 2,
    log: expect.stringContaining("is not the state of a copy"),
  });
});

describe("ends with 2", () => {
  test.each([
    [["copy", "--from", "from.schema.ts"], "copy needs two schema files: --from F --to F."],
    [
      ["copy", "--from", "from.schema.ts", "--to", "from.schema.ts"],
      "the same store: there is nothing to copy",
    ],
    [[...route, "--batch", "0"], "--batch must be a whole number"],
    [[...route, "more"], 'copy takes no "more"'],
  ])("when used so: %j", async (args, words) => {
    const { code, log } = await stores.project.run(...args);
    expect([code, log]).toEqual([2, expect.stringContaining(words)]);
  });

  test.each([
    ["memory()", "its sessions are in the app's process"],
    ['cookie({ keys: env("KEYS") })', "its sessions are with the clients"],
    ["custom()", "which the app gives at start"],
  ])("for a store that no command can open: %s", async (backend, words) => {
    const isSeal = backend.startsWith("cookie");
    const schema = storeSchema(backend).replace(isSeal ? 'indexes: ["userId"], ' : "§", "");
    stores.project.write("odd.schema.ts", schema);
    const { code, log } = await stores.project.run(
      "copy",
      "--from",
      "from.schema.ts",
      "--to",
      "odd.schema.ts",
    );
    expect([code, log]).toEqual([2, expect.stringContaining(words)]);
  });

  test("for sessions that clients carry, rather than asking for an index that they cannot have", async () => {
    const schema = storeSchema('cookie({ keys: env("KEYS") })').replace('indexes: ["userId"], ', "");
    stores.project.write("sealed.schema.ts", schema);
    const sides = ["--from", "sealed.schema.ts", "--to", "to.schema.ts"];
    const { code, log } = await stores.project.run("copy", ...sides);
    expect([code, log]).toEqual([2, expect.stringContaining("its sessions are with the clients")]);
  });

  test("for two kinds, whose handles are not each other's", async () => {
    stores.project.write("admin.schema.ts", storeSchema('file({ directory: "x" })', 'name: "adminSession",'));
    const { code, log } = await stores.project.run(
      "copy",
      "--from",
      "from.schema.ts",
      "--to",
      "admin.schema.ts",
    );
    expect([code, log]).toEqual([2, expect.stringContaining('two kinds, "session" and "adminSession"')]);
  });

  test("when the table is not there, with what to do, and where", async () => {
    stores.project.write("bare.sqlite", "");
    const { code, log } = await copyTo(
      `database({ dialect: "sqlite", url: ${JSON.stringify(`${stores.project.folder}/bare.sqlite`)} })`,
    );
    expect([code, log]).toEqual([2, expect.stringContaining("session-gen migrate up")]);
    expect(log).toContain("--to there.schema.ts: ");
  });

  test("when there is no database, and makes none", async () => {
    const url = `${stores.project.folder}/none.sqlite`;
    const { code, log } = await copyTo(`database({ dialect: "sqlite", url: ${JSON.stringify(url)} })`);
    expect([code, log]).toEqual([2, expect.stringContaining(`There is no database ${url}`)]);
    expect(existsSync(url)).toBe(false);
  });

  test("when a server does not answer, with the driver's reason and without the password", async () => {
    const { code, log } = await copyTo(
      'database({ dialect: "postgres", url: "postgres://me:hidden@127.0.0.1:1/app" })',
    );
    expect([code, log]).toEqual([2, expect.stringContaining("--to there.schema.ts: ")]);
    expect(log).toContain("ECONNREFUSED");
    expect(log).not.toContain("hidden");
  });

  test("when the target finds sessions by what the source does not keep", async () => {
    stores.project.write(
      "there.schema.ts",
      storeSchema('file({ directory: "x" })')
        .replace('"userId"]', '"userId", "team"]')
        .replace("userId:", "team: z.int().optional(), userId:"),
    );
    const { code, log } = await stores.project.run(
      "copy",
      "--from",
      "from.schema.ts",
      "--to",
      "there.schema.ts",
    );
    expect([code, log]).toEqual([2, expect.stringContaining("The target's schema indexes team")]);
  });
});

function copyTo(backend: string): Promise<TestRun> {
  stores.project.write("there.schema.ts", storeSchema(backend));
  return stores.project.run("copy", "--from", "from.schema.ts", "--to", "there.schema.ts");
}
