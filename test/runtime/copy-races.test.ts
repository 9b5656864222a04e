import { beforeEach, expect, test } from "vitest";
import { createMemoryLedger } from "../../runtime/admin/copy/copy-ledger.js";
import { type BackendMethod, surround } from "../../runtime/backends/layer.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { type CopyReport, copySessions } from "../../runtime/index.js";
import { contentOf, now, raise, recordOf } from "./copied-records.js";

const make = () => createMemoryBackend({ clock: () => 0 });
let from: ReturnType<typeof make>;
let to: ReturnType<typeof make>;
let ledger: ReturnType<typeof createMemoryLedger>;

beforeEach(() => {
  [from, to, ledger] = [make(), make(), createMemoryLedger()];
});

/** Copies to a target that somebody else uses: at the so manieth call of a method they come first. */
function copyRaced(method: BackendMethod, call: number, others: () => Promise<unknown>): Promise<CopyReport> {
  let calls = 0;
  const raced = surround(to, async (name, make) => {
    if (name === method) {
      calls += 1;
      if (calls === call) await others();
    }
    return make();
  });
  return copySessions({ from, to: raced, ledger, clock: () => now });
}

test.each([1, 2, 3])(
  "a record that an app raises at the target before save %i is not fallen behind",
  async (at) => {
    await to.create(recordOf("a"));
    await from.create(recordOf("a", { revision: 4 }));
    const report = await copyRaced("save", at, () => raise(to, "a", { from: at, to: 7 }));
    expect(report).toMatchObject({ outcome: "complete", newer: 1, replaced: 0 });
    expect((await to.load("a"))?.revision).toBe(7);
  },
);

test("a record far behind that an app raises meanwhile stays, with what the app wrote", async () => {
  await to.create(recordOf("a"));
  await from.create(recordOf("a", { revision: 50 }));
  const report = await copyRaced("save", 1, () => raise(to, "a", { from: 1, to: 60 }));
  expect(report).toMatchObject({ outcome: "complete", newer: 1 });
  expect(await contentOf(to)).toMatchObject({ a: { revision: 60, writeId: "w-a-60" } });
});

test("an app that wrote less than the source did is overtaken, in the next pass", async () => {
  await to.create(recordOf("a"));
  await from.create(recordOf("a", { revision: 50 }));
  expect(await copyRaced("save", 1, () => raise(to, "a", { from: 1, to: 2 }))).toMatchObject({
    ...{ outcome: "complete", replaced: 1, passes: 3 },
  });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test("a record that ended at the source and is written at the target at that moment is not deleted", async () => {
  await from.create(recordOf("a"));
  await copySessions({ from, to, ledger, clock: () => now });
  await from.delete("a");
  const report = await copyRaced("save", 1, () => raise(to, "a", { from: 1, to: 2 }));
  expect(report).toMatchObject({ outcome: "complete", deleted: 0 });
  expect((await to.load("a"))?.revision).toBe(2);
});

test("what is deleted is no session from the moment that its deletion begins", async () => {
  await from.create(recordOf("a"));
  await copySessions({ from, to, ledger, clock: () => now });
  await from.delete("a");
  let seen: unknown;
  await copyRaced("delete", 1, async () => {
    seen = await to.load("a");
    expect(await to.save(recordOf("a", { revision: 2 }))).toBe(false);
  });
  expect(seen).toMatchObject({ revision: 2, expiresAt: 0 });
  expect(await to.load("a")).toBeNull();
});

test("a copy that ends while it raises a record leaves it whole, and is finished by the next one", async () => {
  await to.create(recordOf("a"));
  await from.create(recordOf("a", { revision: 50 }));
  const crash = () => Promise.reject(new Error("crash"));
  for (const call of [1, 20, 25]) {
    await expect(copyRaced("save", call, crash)).rejects.toMatchObject({ code: "unavailable" });
    expect(await contentOf(to)).toMatchObject({
      a: { writeId: "w-a-1", data: expect.stringContaining("1") },
    });
  }
  await copySessions({ from, to, ledger, clock: () => now });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test.each([1, 3])(
  "a session whose copy failed at save %i, and which then ends, is ended at the target",
  async (at) => {
    await from.create(recordOf("a"));
    await copySessions({ from, to, ledger, clock: () => now });
    await raise(from, "a", { from: 1, to: 5 });
    const crash = () => Promise.reject(new Error("crash"));
    await expect(copyRaced("save", at, crash)).rejects.toMatchObject({ code: "unavailable" });
    await from.delete("a");
    expect(await copySessions({ from, to, ledger, clock: () => now })).toMatchObject({ deleted: 1 });
    expect(await contentOf(to)).toEqual({});
  },
);

test("a session that ends at the source while its batch is under way is ended at the target", async () => {
  for (const id of ["a", "b"]) await from.create(recordOf(id));
  const report = await copyRaced("create", 1, () => from.delete("a"));
  expect(report).toMatchObject({ outcome: "complete", created: 2, deleted: 1 });
  expect(Object.keys(await contentOf(to))).toEqual(["b"]);
});

test("a backend that fails ends the copy, which begins no further write", async () => {
  for (let count = 0; count < 100; count++) await from.create(recordOf(`s${100 + count}`));
  const crash = () => Promise.reject(new Error("down"));
  await expect(copyRaced("create", 5, crash)).rejects.toMatchObject({ code: "unavailable" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(Object.keys(await contentOf(to)).length).toBeLessThan(40);
});
