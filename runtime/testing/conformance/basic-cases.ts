import { deepEqual, equal } from "node:assert/strict";
import { assertAbsent, assertStored, type ConformanceCase, nextOf, toBytes } from "./conformance-case.js";

/** Create, load, save, touch, delete and exists, one after the other. */
export const basicCases: readonly ConformanceCase[] = [
  {
    name: "create: adds a record, which load gives back field by field",
    run: async ({ backend, record, unique }) => {
      const created = record({ tenant: unique, indexed: { userId: 42, label: unique, admin: true } });
      equal(await backend.create(created), true);
      await assertStored(backend, created);
      equal(await backend.exists(created.id), true);
    },
  },
  {
    name: "load, exists, delete, touch: an absent id is an answer, not an error",
    run: async ({ backend, unique }) => {
      await assertAbsent(backend, unique);
      equal(await backend.delete(unique), false);
      equal(await backend.touch(unique, 1, Date.now() + 1000), false);
      await assertAbsent(backend, unique);
    },
  },
  {
    name: "create: false when the id is taken, and nothing changes",
    run: async ({ backend, record }) => {
      const first = record();
      equal(await backend.create(first), true);
      equal(await backend.create(record({ id: first.id, data: toBytes("{}") })), false);
      equal(await backend.create(record({ id: first.id, writeId: first.writeId, revision: 2 })), false);
      await assertStored(backend, first);
    },
  },
  {
    name: "create: true again for the same write, and nothing changes",
    run: async ({ backend, record }) => {
      const created = record();
      deepEqual([await backend.create(created), await backend.create(created)], [true, true]);
      await assertStored(backend, created);
    },
  },
  {
    name: "create: false for the same write once another has followed",
    run: async ({ backend, record }) => {
      const created = record();
      const saved = nextOf(created);
      deepEqual([await backend.create(created), await backend.save(saved)], [true, true]);
      equal(await backend.create(created), false);
      await assertStored(backend, saved);
    },
  },
  {
    name: "save: replaces every field of the revision before",
    run: async ({ backend, record, unique }) => {
      const created = record({ indexed: { userId: 1, label: "before", admin: false } });
      await backend.create(created);
      const indexed = { userId: 2, label: unique, admin: null };
      const expiresAt = created.expiresAt + 5000;
      const saved = nextOf(created, {
        data: toBytes('{"new":1}'),
        header: "1;json;-;-;other",
        expiresAt,
        indexed,
      });
      equal(await backend.save(saved), true);
      await assertStored(backend, saved);
    },
  },
  {
    name: "save: false at any other revision, and nothing changes",
    run: async ({ backend, record }) => {
      const created = record();
      const current = nextOf(created);
      await backend.create(created);
      await backend.save(current);
      equal(await backend.save(nextOf(created)), false);
      equal(await backend.save({ ...nextOf(current), revision: current.revision + 2 }), false);
      equal(await backend.save({ ...nextOf(current), revision: 1 }), false);
      await assertStored(backend, current);
    },
  },
  {
    name: "save: true again for the same write, false once another has followed",
    run: async ({ backend, record }) => {
      const created = record();
      const second = nextOf(created);
      const third = nextOf(second);
      await backend.create(created);
      deepEqual([await backend.save(second), await backend.save(second)], [true, true]);
      await assertStored(backend, second);
      deepEqual([await backend.save(third), await backend.save(second)], [true, false]);
      await assertStored(backend, third);
    },
  },
  {
    name: "save: false where nothing is, and nothing appears",
    run: async ({ backend, record }) => {
      const absent = record();
      deepEqual([await backend.save(absent), await backend.save(nextOf(absent))], [false, false]);
      await assertAbsent(backend, absent.id);
    },
  },
  {
    name: "touch: moves the expiry and leaves the rest, both ways",
    run: async ({ backend, record }) => {
      const created = record({ indexed: { userId: 7, label: "kept", admin: true } });
      await backend.create(created);
      for (const expiresAt of [created.expiresAt + 60_000, created.expiresAt - 60_000]) {
        equal(await backend.touch(created.id, 1, expiresAt), true);
        equal(await backend.touch(created.id, 1, expiresAt), true);
        await assertStored(backend, { ...created, expiresAt });
      }
      equal(await backend.save(nextOf(created)), true);
    },
  },
  {
    name: "touch: false at another revision, and nothing changes",
    run: async ({ backend, record }) => {
      const created = record();
      const saved = nextOf(created);
      await backend.create(created);
      await backend.save(saved);
      equal(await backend.touch(created.id, 1, created.expiresAt + 60_000), false);
      equal(await backend.touch(created.id, 3, created.expiresAt + 60_000), false);
      await assertStored(backend, saved);
    },
  },
  {
    name: "delete: true once, then false; nothing revives what is gone",
    run: async ({ backend, record }) => {
      const created = record();
      await backend.create(created);
      deepEqual([await backend.delete(created.id), await backend.delete(created.id)], [true, false]);
      equal(await backend.save(nextOf(created)), false);
      equal(await backend.save(created), false);
      equal(await backend.touch(created.id, 1, created.expiresAt + 60_000), false);
      await assertAbsent(backend, created.id);
    },
  },
];
