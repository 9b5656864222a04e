import { deepEqual, equal } from "node:assert/strict";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import { assertAbsent, assertStored, type ConformanceCase, nextOf, toBytes } from "./conformance-case.js";

const writers = Array.from({ length: 50 }, (_, at) => at);

/** Many at once, as requests of one browser come. */
export const parallelCases: readonly ConformanceCase[] = [
  {
    name: "create: of 50 at once under one id exactly one wins",
    isParallel: true,
    run: async ({ backend, record, unique }) => {
      const rivals = writers.map(() => record({ id: unique }));
      const answers = await Promise.all(rivals.map((rival) => backend.create(rival)));
      await assertStored(backend, onlyWinner(rivals, answers));
    },
  },
  {
    name: "save: of 50 at once on each revision exactly one wins",
    isParallel: true,
    run: async ({ backend, record }) => {
      let current = record();
      await backend.create(current);
      for (let round = 0; round < 5; round++) {
        const rivals = writers.map((writer) => nextOf(current, { data: toBytes(`{"writer":${writer}}`) }));
        const answers = await Promise.all(rivals.map((rival) => backend.save(rival)));
        current = onlyWinner(rivals, answers);
        await assertStored(backend, current);
      }
    },
  },
  {
    name: "save: 50 at once that add one each and try again are all kept",
    isParallel: true,
    run: async ({ backend, record }) => {
      const created = record({ data: toBytes("0") });
      await backend.create(created);
      await Promise.all(writers.map(() => increment(backend, created.id)));
      const last = await backend.load(created.id);
      deepEqual([toNumber(last), last?.revision], [writers.length, writers.length + 1]);
    },
  },
  {
    name: "save: the same write 10 times at once is done once, and each is told so",
    isParallel: true,
    run: async ({ backend, record }) => {
      const created = record();
      const saved = nextOf(created);
      await backend.create(created);
      const answers = await Promise.all(writers.slice(0, 10).map(() => backend.save(saved)));
      equal(answers.every(Boolean), true);
      await assertStored(backend, saved);
    },
  },
  {
    name: "touch: beside a save, never loses what was saved",
    isParallel: true,
    run: async ({ backend, record }) => {
      for (let round = 0; round < 20; round++) {
        const created = record();
        const saved = nextOf(created, { expiresAt: created.expiresAt + 1000 });
        await backend.create(created);
        const touch = backend.touch(created.id, 1, created.expiresAt + 2000);
        const [isSaved] = await Promise.all([backend.save(saved), touch]);
        equal(isSaved, true);
        await assertStored(backend, saved);
      }
    },
  },
  {
    name: "delete: beside saves and touches, is final",
    isParallel: true,
    run: async ({ backend, record }) => {
      for (let round = 0; round < 20; round++) {
        const created = record();
        await backend.create(created);
        await Promise.all([
          backend.save(nextOf(created)),
          backend.touch(created.id, 1, created.expiresAt + 1000),
          backend.delete(created.id),
          backend.touch(created.id, 1, created.expiresAt + 2000),
          backend.save(nextOf(created)),
        ]);
        await assertAbsent(backend, created.id);
      }
    },
  },
];

async function increment(backend: SessionBackend, id: string): Promise<void> {
  for (;;) {
    const current = await backend.load(id);
    if (current === null) throw new Error("the record is gone");
    if (await backend.save(nextOf(current, { data: toBytes(String(toNumber(current) + 1)) }))) return;
  }
}

function toNumber(record: SessionRecord | null): number {
  return Number(new TextDecoder().decode(record?.data));
}

function onlyWinner(rivals: readonly SessionRecord[], answers: readonly boolean[]): SessionRecord {
  const [winner, ...others] = rivals.filter((_, at) => answers[at]);
  equal(others.length, 0, `${others.length + 1} writers were told that they had won`);
  if (winner === undefined) throw new Error("nobody won");
  return winner;
}
