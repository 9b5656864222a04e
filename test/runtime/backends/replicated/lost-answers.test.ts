import { afterEach, expect, test } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { createReplicatedBackend } from "../../../../runtime/backends/replicated.js";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, type Options, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
afterEach(() => sides.close());

const start = (options: Options = {}) => {
  sides = openSides(options);
  return sides.open();
};

const unavailable = expect.objectContaining({ code: "unavailable" });

test.each(
  (["async", "sync", "acknowledged"] as const).flatMap((mode) =>
    (["create", "save", "touch"] as const).map((method) => [mode, method] as const),
  ),
)("%s: a %s that the primary did and could not tell of is copied all the same", async (mode, method) => {
  const backend = start({ mode });
  const record = recordAt(Date.now());
  if (method !== "create") await backend.create(record);
  sides.primaryPlan[method] = ["lose-answer"];
  const calls = {
    create: () => backend.create(record),
    save: () => backend.save(nextOf(record)),
    touch: () => backend.touch("one", 1, record.expiresAt + 5),
  };
  await expect(calls[method]()).rejects.toEqual(unavailable);
  expect(await backend.drain()).toBe(true);
  const left = await liveOn(sides.primary);
  expect(left.size).toBe(1);
  expect(await liveOn(sides.secondary)).toEqual(left);
});

test("a session that had to make room ends on both sides, though the primary failed at its end", async () => {
  const backend = start();
  const room = { tenant: "t", max: 1, onLimit: "oldest" } as const;
  const member = (id: string) => recordAt(Date.now(), { id, tenant: "t" });
  await backend.abilities.limit.createWithin(member("one"), room);
  expect(await backend.drain()).toBe(true);
  sides.primaryPlan.delete = ["reject"];
  await expect(backend.abilities.limit.createWithin(member("two"), room)).rejects.toEqual(unavailable);
  expect(await backend.drain()).toBe(true);
  expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
});

test.each(["sync", "acknowledged"] as const)(
  "%s: a copy that others keep overtaking is not confirmed, which is no conflict of the one who wrote",
  async (mode) => {
    const [primary, copies] = [createMemoryBackend(), createMemoryBackend()];
    const secondary = { ...copies, save: () => Promise.resolve(false) };
    const logger = { warn: () => {} };
    const backend = createReplicatedBackend({ primary, secondary, mode, logger, retry: { attempts: 1 } });
    const record = recordAt(Date.now());
    await backend.create(record);
    await expect(backend.save(nextOf(record))).rejects.toMatchObject({ code: "unavailable" });
    expect((await primary.load(record.id))?.revision).toBe(2);
    await backend.close();
  },
);

test.each(["sync", "acknowledged"] as const)(
  "%s: a write is not taken for copied because only deletions have room to wait",
  async (mode) => {
    const backend = start({ mode, capacity: 2 });
    const record = recordAt(Date.now(), { id: "other" });
    await backend.create(record);
    fail(sides.secondaryPlan);
    for (const id of ["one", "two"]) await backend.delete(id);
    expect(backend.replication).toMatchObject({ size: 2, dropped: 0 });
    await expect(backend.create(recordAt(Date.now(), { id: "new" }))).rejects.toEqual(unavailable);
    await expect(backend.save(nextOf(record))).rejects.toEqual(unavailable);
    expect(backend.replication).toMatchObject({ size: 2, dropped: 2 });
    heal(sides.secondaryPlan);
    expect(await backend.drain()).toBe(true);
    expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
  },
);
