import { deepEqual, equal } from "node:assert/strict";
import { SessionError } from "../../platform/errors.js";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import { abilityCase, assertAbsent, assertStored, type ConformanceCase, nextOf } from "./conformance-case.js";

/** Counting and creating are one step. */
export const limitCases: readonly ConformanceCase[] = [
  abilityCase(
    "limit",
    "of 100 at once exactly as many are created as there is room",
    async ({ backend, record, unique: tenant }, limit) => {
      const records = Array.from({ length: 100 }, () => record({ tenant }));
      const room = { tenant, max: 10, onLimit: "refuse" } as const;
      const answers = await Promise.all(
        records.map((created) => untilAnswered(() => limit.createWithin(created, room))),
      );
      equal(answers.filter(Boolean).length, 10);
      deepEqual(
        await present(backend, records),
        records.filter((_, at) => answers[at]),
      );
    },
  ),
  abilityCase(
    "limit",
    "when the oldest must go, 100 at once leave as many as there is room",
    async ({ backend, record, unique: tenant }, limit) => {
      const records = Array.from({ length: 100 }, () => record({ tenant }));
      const room = { tenant, max: 10, onLimit: "oldest" } as const;
      const answers = await Promise.all(
        records.map((created) => untilAnswered(() => limit.createWithin(created, room))),
      );
      equal(answers.every(Boolean), true);
      equal((await present(backend, records)).length, 10);
    },
  ),
  abilityCase(
    "limit",
    "the one that must go is the one created first, which is told by whoever tells of evictions",
    async ({ backend, record, unique: tenant }, limit) => {
      const now = Date.now();
      const [second, first, third] = [2, 1, 3].map((createdAt) =>
        record({ tenant, createdAt: now + createdAt }),
      );
      const records = [second, first, third].filter((one) => one !== undefined);
      const told: string[] = [];
      const stop = backend.onEviction?.(({ id }) => told.push(id));
      for (const one of records) await limit.createWithin(one, { tenant, max: 2, onLimit: "oldest" });
      stop?.();
      deepEqual(await present(backend, records), [second, third]);
      deepEqual(told, stop === undefined ? [] : [first?.id]);
    },
  ),
  abilityCase(
    "limit",
    "counts its own tenant only, and what is alive",
    async ({ backend, record, unique: tenant }, limit) => {
      const room = { tenant, max: 1, onLimit: "refuse" } as const;
      await backend.create(record({ tenant: `${tenant}2` }));
      await backend.create(record({ tenant, expiresAt: Date.now() - 1000, createdAt: 0 }));
      const created = record({ tenant });
      equal(await limit.createWithin(created, room), true);
      const refused = record({ tenant });
      equal(await limit.createWithin(refused, room), false);
      await assertAbsent(backend, refused.id);
      equal(await backend.delete(created.id), true);
      equal(await limit.createWithin(refused, room), true);
      await assertStored(backend, refused);
    },
  ),
  abilityCase(
    "limit",
    "what was created without a limit counts too, before and after the first that was created within it",
    async ({ backend, record, unique: tenant }, limit) => {
      const room = { tenant, max: 4, onLimit: "refuse" } as const;
      const created: boolean[] = [];
      for (const isWithin of [false, true, false, true, true]) {
        const one = record({ tenant });
        created.push(isWithin ? await limit.createWithin(one, room) : await backend.create(one));
      }
      deepEqual(created, [true, true, true, true, false]);
    },
  ),
  abilityCase("limit", "a rotation is not counted", async ({ backend, record, unique: tenant }, limit) => {
    const room = { tenant, max: 1, onLimit: "refuse" } as const;
    const old = record({ tenant });
    const rotated = record({ tenant });
    equal(await limit.createWithin(old, room), true);
    equal(await limit.createWithin(rotated, { ...room, replaces: old.id }), true);
    await assertStored(backend, rotated);
  }),
  abilityCase(
    "limit",
    "what a save gives to another tenant takes no room any more",
    async ({ backend, record, unique: tenant }, limit) => {
      for (const onLimit of ["refuse", "oldest"] as const) {
        const own = `${tenant}-${onLimit}`;
        const room = { tenant: own, max: 2, onLimit };
        const [leaving, staying] = [record({ tenant: own, createdAt: 1 }), record({ tenant: own })];
        for (const one of [leaving, staying]) equal(await limit.createWithin(one, room), true);
        equal(await backend.save(nextOf(leaving, { tenant: `${own}-left` })), true);
        const created = record({ tenant: own });
        equal(await limit.createWithin(created, room), true);
        const records = [leaving, staying, created];
        deepEqual(await present(backend, records), records);
      }
    },
  ),
  abilityCase(
    "limit",
    "answers as create does for a taken id and a repeated write",
    async ({ backend, record, unique: tenant }, limit) => {
      const room = { tenant, max: 1, onLimit: "refuse" } as const;
      const created = record({ tenant });
      deepEqual(
        [await limit.createWithin(created, room), await limit.createWithin(created, room)],
        [true, true],
      );
      equal(await limit.createWithin(record({ id: created.id, tenant }), room), false);
      await assertStored(backend, created);
    },
  ),
];

/** A busy machine may not get through all of them in time; whoever was not answered asks again later, with the same write. */
async function untilAnswered(attempt: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isBusy = error instanceof SessionError && ["unavailable", "timeout"].includes(error.code);
      if (!isBusy || tries === 10) throw error;
      // All at once again they would meet in the same queue.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * tries));
    }
  }
}

async function present(
  backend: SessionBackend,
  records: readonly SessionRecord[],
): Promise<readonly SessionRecord[]> {
  const isPresent = await Promise.all(records.map(({ id }) => backend.exists(id)));
  return records.filter((_, at) => isPresent[at]);
}
