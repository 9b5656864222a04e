import { beforeEach, expect, test } from "vitest";
import { createMemoryLedger } from "../../runtime/admin/copy/copy-ledger.js";
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

function copy(options: Partial<Parameters<typeof copySessions>[0]> = {}): Promise<CopyReport> {
  return copySessions({ from, to, ledger, clock: () => now, batchSize: 3, ...options });
}

test("records arrive as they are, whatever their revision; expired ones do not", async () => {
  for (let count = 0; count < 10; count++) {
    await from.create(recordOf(`s${count}`, { revision: 1 + count, tenant: count % 2 ? "acme" : null }));
  }
  await from.create(recordOf("binary", { header: "1;cbor;brotli;k1;0", data: Uint8Array.of(0, 255, 128) }));
  const expected = await contentOf(from);
  await from.create(recordOf("over", { expiresAt: now }));
  expect(await copy()).toEqual({
    outcome: "complete",
    passes: 2,
    sessions: 11,
    newer: 0,
    expired: 1,
    created: 11,
    replaced: 0,
    touched: 0,
    deleted: 0,
  });
  expect(await contentOf(to)).toEqual(expected);
});

test.each([1, 2, 500])("a record that is %i revisions older is replaced", async (gap) => {
  await to.create(recordOf("a"));
  await from.create(recordOf("a", { revision: 1 + gap }));
  expect(await copy()).toMatchObject({ outcome: "complete", created: 0, replaced: 1 });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test("an expiry that has moved is moved, in either direction", async () => {
  for (const id of ["longer", "shorter"]) await to.create(recordOf(id));
  await from.create(recordOf("longer", { expiresAt: now + 9_000_000 }));
  await from.create(recordOf("shorter", { expiresAt: now + 10_000 }));
  expect(await copy()).toMatchObject({ outcome: "complete", created: 0, touched: 2 });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test("what is newer at the target stays, and so does what another write made of the same revision", async () => {
  await to.create(recordOf("newer", { revision: 5 }));
  await to.create(recordOf("other", { revision: 2, writeId: "theirs" }));
  const before = await contentOf(to);
  await from.create(recordOf("newer", { revision: 4 }));
  await from.create(recordOf("other", { revision: 2 }));
  expect(await copy()).toMatchObject({ outcome: "complete", newer: 2, created: 0, replaced: 0 });
  expect(await contentOf(to)).toEqual(before);
});

test("what is deleted at the source between two copies is deleted at the target; nothing else is", async () => {
  for (const id of ["gone", "expired", "changed there", "stays"]) await from.create(recordOf(id));
  await copy();
  await to.create(recordOf("foreign"));
  await raise(to, "changed there", { from: 1, to: 2 });
  for (const id of ["gone", "changed there"]) await from.delete(id);
  await from.touch("expired", 1, now - 1);
  expect(await copy()).toMatchObject({ outcome: "complete", deleted: 2, sessions: 1 });
  expect(Object.keys(await contentOf(to)).sort()).toEqual(["changed there", "foreign", "stays"]);
});

test("a record that was there before, byte by byte, counts as brought", async () => {
  for (const place of [from, to]) await place.create(recordOf("a"));
  expect(await copy()).toMatchObject({ created: 0 });
  await from.delete("a");
  expect(await copy()).toMatchObject({ deleted: 1 });
});

test("a dry run writes nothing, and tells what would be done", async () => {
  for (const id of ["a", "b", "c"]) await from.create(recordOf(id, { revision: 3 }));
  await to.create(recordOf("a"));
  await to.create(recordOf("b", { revision: 3, expiresAt: now + 1 }));
  const before = await contentOf(to);
  const plan = { outcome: "planned", passes: 1, created: 1, replaced: 1, touched: 1, deleted: 0 };
  expect(await copy({ dryRun: true })).toMatchObject(plan);
  expect(await contentOf(to)).toEqual(before);
  expect([...(await asList(ledger.writes()))]).toEqual([]);
});

test("stopped, it says where to go on; resumed, it finishes, and still deletes what the first part brought", async () => {
  for (let count = 0; count < 20; count++) await from.create(recordOf(`s${String(count).padStart(2, "0")}`));
  const controller = new AbortController();
  const first = await copy({
    signal: controller.signal,
    onProgress: ({ created }) => created >= 6 && controller.abort(),
  });
  expect(first).toMatchObject({ outcome: "stopped", created: 6, after: "s05" });
  await from.delete("s00");
  const second = await copy({ after: first.after });
  expect(second).toMatchObject({ outcome: "complete", created: 14, deleted: 1 });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test("verification finds a record that was tampered with, and names it by its handle", async () => {
  for (const id of ["a", "b", "c"]) await from.create(recordOf(id));
  await copy();
  await to.delete("b");
  await to.create(recordOf("b", { data: new TextEncoder().encode('{"revision":1,"é":"B"}') }));
  const { verified } = await copy({ verify: true });
  expect(verified).toEqual({ compared: 3, different: 1, handles: ["b"], foreign: 0 });
});

test.each([
  ["header", { header: "1;json;-;-;000000" }],
  ["creation", { createdAt: now - 2000 }],
  ["tenant", { tenant: "other" }],
  ["indexed value", { indexed: { userId: 43 } }],
])("verification finds another %s", async (_what, change) => {
  await from.create(recordOf("a"));
  await to.create(recordOf("a", change));
  expect((await copy({ verify: true })).verified).toMatchObject({ different: 1, handles: ["a"] });
});

test("a dry run with verification compares only, and counts what only the target has", async () => {
  await from.create(recordOf("missing"));
  await to.create(recordOf("foreign"));
  const { verified } = await copy({ verify: true, dryRun: true });
  expect(verified).toEqual({ compared: 1, different: 1, handles: ["missing"], foreign: 1 });
  expect(await to.exists("missing")).toBe(false);
});

test("a source that cannot be walked over, and impossible numbers, are refused", async () => {
  const blind = { ...from, abilities: {} } as typeof from;
  await expect(copy({ from: blind })).rejects.toMatchObject({ code: "unsupported" });
  await expect(copy({ batchSize: 0 })).rejects.toMatchObject({ code: "invalid" });
  await expect(copy({ passes: 1.5 })).rejects.toMatchObject({ code: "invalid" });
});

async function asList<T>(items: AsyncIterable<T> | Iterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
