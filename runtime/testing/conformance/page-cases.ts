import { deepEqual, equal } from "node:assert/strict";
import type {
  Findable,
  IndexedValue,
  RecordPage,
  SessionBackend,
  SessionRecord,
} from "../../types/backend.js";
import {
  abilityCase,
  assertStored,
  type CaseContext,
  type ConformanceCase,
  nextOf,
} from "./conformance-case.js";

/** Find, list and scan. Other cases' records may be in the same store. */
export const pageCases: readonly ConformanceCase[] = [
  abilityCase("find", "pages without gap or repeat while others come and go", async (context, find) => {
    const label = context.unique;
    await assertPages(context, { indexed: { label } }, (after) =>
      find.find({ field: "label", value: label, limit: 4, ...after }),
    );
  }),
  abilityCase(
    "list",
    "pages through one tenant without gap or repeat while others come and go",
    async (context, list) => {
      const tenant = context.unique;
      await context.backend.create(context.record({ tenant: `${tenant}2` }));
      await assertPages(context, { tenant }, (after) => list.list({ tenant, limit: 4, ...after }));
    },
  ),
  abilityCase(
    "list",
    "without a tenant, lists those that have none",
    async ({ backend, record, unique }, list) => {
      const without = record();
      for (const created of [without, record({ tenant: unique })]) await backend.create(created);
      const ids = await walk(unique, (after) => list.list({ tenant: null, limit: 1000, ...after }));
      deepEqual(ids, [without.id]);
    },
  ),
  abilityCase(
    "scan",
    "pages through everything without gap or repeat while others come and go",
    async (context, scan) => {
      await assertPages(context, {}, (after) => scan.scan({ limit: 4, ...after }));
    },
  ),
  abilityCase(
    "scan",
    "gives whole records, whatever their tenant",
    async ({ backend, record, unique }, scan) => {
      const created = [record(), record({ tenant: unique })];
      for (const one of created) await backend.create(one);
      const ids = await walk(unique, (after) => scan.scan({ limit: 1000, ...after }));
      deepEqual(ids, created.map(({ id }) => id).sort());
    },
  ),
  abilityCase(
    "find",
    "keeps text, numbers, booleans and null apart, and fields too",
    async (context, find) => {
      const { backend, record, unique } = context;
      const userId = uniqueNumber();
      const numbered = record({ indexed: { userId, label: null, admin: null } });
      const named = record({ indexed: { userId: null, label: String(userId), admin: false } });
      const admin = record({ indexed: { userId: null, label: `${unique}1`, admin: true } });
      for (const created of [numbered, named, admin]) await backend.create(created);
      const found = (field: string, value: IndexedValue): Promise<readonly string[]> =>
        findIds(context, find, { field, value });
      deepEqual(await found("userId", userId), [numbered.id]);
      deepEqual(await found("label", String(userId)), [named.id]);
      deepEqual(await found("userId", String(userId)), []);
      deepEqual(await found("label", userId), []);
      deepEqual(await found("admin", true), [admin.id]);
      deepEqual(await found("admin", false), [named.id]);
      deepEqual(await found("admin", 1), []);
      deepEqual(await found("admin", null), [numbered.id]);
      deepEqual(await found("userId", null), [named.id, admin.id].sort());
      deepEqual(await found("label", null), [numbered.id]);
    },
  ),
  abilityCase("find", "compares text exactly", async (context, find) => {
    const values = ["a", "A", "a ", " a", "á", "a\u0301", "%", "_", "", "'", "*"].map(
      (text) => text + context.unique + text,
    );
    for (const label of values) await context.backend.create(context.record({ indexed: { label } }));
    for (const value of values)
      equal((await findIds(context, find, { field: "label", value })).length, 1, value);
    deepEqual(await findIds(context, find, { field: "label", value: context.unique.slice(1) }), []);
  }),
  abilityCase("find", "follows a save, a touch and a delete", async (context, find) => {
    const { backend, record, unique } = context;
    const before = `${unique}-before`;
    const after = `${unique}-after`;
    const found = (value: string): Promise<readonly string[]> =>
      findIds(context, find, { field: "label", value });
    const created = record({ indexed: { label: before } });
    const renamed = nextOf(created, { indexed: { label: after } });
    const cleared = nextOf(renamed, { indexed: {} });
    await backend.create(created);
    await backend.save(renamed);
    deepEqual([await found(before), await found(after)], [[], [created.id]]);
    equal(await backend.save(nextOf(created, { indexed: { label: before } })), false);
    await backend.touch(created.id, 2, created.expiresAt + 1000);
    deepEqual([await found(before), await found(after)], [[], [created.id]]);
    await assertStored(backend, { ...renamed, expiresAt: created.expiresAt + 1000 });
    await backend.save(cleared);
    deepEqual(await found(after), []);
    await backend.save(nextOf(cleared, { indexed: { label: before } }));
    deepEqual(await found(before), [created.id]);
    await backend.delete(created.id);
    deepEqual(await found(before), []);
  }),
];

type ReadPage = (after: { readonly after?: string }) => Promise<RecordPage>;

/** Records deleted and created on the way may be seen or not; all others are seen once. */
async function assertPages(
  context: CaseContext,
  changes: Partial<SessionRecord>,
  read: ReadPage,
): Promise<void> {
  const { backend, record, unique } = context;
  const created = Array.from({ length: 25 }, () => record(changes));
  for (const one of created) await backend.create(one);
  const doomed = created.filter((_, at) => at % 3 === 0).map(({ id }) => id);
  const kept = created.filter((_, at) => at % 3 !== 0).map(({ id }) => id);
  const seen = await walk(unique, async (after) => {
    const page = await read(after);
    equal(page.records.length <= 1000, true);
    await deleteOne(backend, doomed);
    await backend.create(record(changes));
    return page;
  });
  deepEqual(
    seen.filter((id) => kept.includes(id)),
    kept.sort(),
  );
}

async function deleteOne(backend: SessionBackend, ids: string[]): Promise<void> {
  const id = ids.pop();
  if (id !== undefined) await backend.delete(id);
}

/** The ids of this case on all pages, sorted. Fails on a repeated one, and on a walk without end. */
async function walk(unique: string, read: ReadPage): Promise<readonly string[]> {
  const ids: string[] = [];
  let page = await read({});
  for (;;) {
    ids.push(...page.records.map(({ id }) => id));
    equal(new Set(ids).size, ids.length, "a record was given twice");
    if (page.next === undefined) return ids.filter((id) => id.includes(unique)).sort();
    page = await read({ after: page.next });
  }
}

async function findIds(
  { unique }: CaseContext,
  find: Findable,
  query: { readonly field: string; readonly value: IndexedValue },
): Promise<readonly string[]> {
  return await walk(unique, (after) => find.find({ ...query, limit: 1000, ...after }));
}

function uniqueNumber(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}
