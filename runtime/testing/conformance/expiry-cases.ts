import { equal } from "node:assert/strict";
import type { Sweepable } from "../../types/backend.js";
import { abilityCase, assertAbsent, assertStored, type ConformanceCase, nextOf } from "./conformance-case.js";

/** The clock is the runtime's: a backend may forget what is over, and never judges what is not. */
export const expiryCases: readonly ConformanceCase[] = [
  {
    name: "expired: answered as it was stored, or not at all",
    run: async ({ backend, record }) => {
      for (const expiresAt of [Date.now() - 1, 1, 0]) {
        const created = record({ expiresAt, createdAt: 0 });
        await backend.create(created);
        if ((await backend.load(created.id)) !== null) await assertStored(backend, created);
      }
    },
  },
  {
    name: "expired: a record touched back in time and again in time goes on",
    run: async ({ backend, record }) => {
      const created = record();
      await backend.create(created);
      await backend.touch(created.id, 1, Date.now() + 60_000);
      equal(await backend.touch(created.id, 1, created.expiresAt), true);
      await assertStored(backend, created);
      equal(await backend.save(nextOf(created)), true);
    },
  },
  abilityCase(
    "sweep",
    "deletes what expires until now, and nothing that expires a millisecond later",
    async ({ backend, record }, sweep) => {
      const now = soon();
      const over = [record({ expiresAt: now }), record({ expiresAt: now - 1 })];
      const alive = [record({ expiresAt: now + 1 }), record({ expiresAt: farOff })];
      for (const created of [...over, ...alive]) await backend.create(created);
      await sweepAll(sweep, now, 100);
      for (const { id } of over) await assertAbsent(backend, id);
      for (const created of alive) await assertStored(backend, created);
      equal(await backend.save(nextOf(over[0] ?? record())), false);
    },
  ),
  abilityCase(
    "sweep",
    "deletes at most so many at a time, and tells how many",
    async ({ backend, record }, sweep) => {
      const now = soon();
      const over = Array.from({ length: 7 }, () => record({ expiresAt: now - 1 }));
      for (const created of over) await backend.create(created);
      equal(await sweep.deleteExpired(now, 3), 3);
      equal((await sweepAll(sweep, now, 3)) >= 4, true);
      equal(await sweep.deleteExpired(now, 3), 0);
      for (const { id } of over) await assertAbsent(backend, id);
    },
  ),
  abilityCase(
    "sweep",
    "leaves a record that was touched or saved in time",
    async ({ backend, record }, sweep) => {
      const now = soon();
      const touched = record({ expiresAt: now - 1 });
      const saved = record({ expiresAt: now - 1 });
      for (const created of [touched, saved]) await backend.create(created);
      await backend.touch(touched.id, 1, farOff);
      await backend.save(nextOf(saved, { expiresAt: farOff }));
      await sweepAll(sweep, now, 100);
      equal(await backend.exists(touched.id), true);
      equal(await backend.exists(saved.id), true);
    },
  ),
  {
    ...abilityCase(
      "sweep",
      "beside touches and saves, takes no record whose new life was acknowledged",
      async ({ backend, record }, sweep) => {
        const now = soon();
        for (let round = 0; round < 5; round++) {
          const over = Array.from({ length: 8 }, () => record({ expiresAt: now - 1 }));
          for (const created of over) await backend.create(created);
          const sweeping = sweepAll(sweep, now, 3);
          const writes = over.map((created, at) =>
            at % 2 === 0
              ? backend.touch(created.id, 1, farOff)
              : backend.save(nextOf(created, { expiresAt: farOff })),
          );
          const [isAlive] = await Promise.all([Promise.all(writes), sweeping]);
          for (const [at, { id }] of over.entries()) equal(await backend.exists(id), isAlive[at]);
        }
      },
    ),
    isParallel: true,
  },
];

/** When nothing of another case in the same store expires, and nothing has by the backend's own clock. */
function soon(): number {
  return Date.now() + 1_800_000;
}

const farOff = Date.UTC(2090, 0, 1);

async function sweepAll(sweep: Sweepable, now: number, limit: number): Promise<number> {
  for (let swept = 0; ; ) {
    const count = await sweep.deleteExpired(now, limit);
    equal(count <= limit, true, `deleted ${count} of at most ${limit}`);
    if (count === 0 && sweep.isMidway?.() !== true) return swept;
    swept += count;
  }
}
