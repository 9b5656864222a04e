import { beforeEach, describe, expect, test } from "vitest";
import { createCachedBackend } from "../../../../runtime/backends/cached.js";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { type FailingPlan, failingBackend, fakeClock } from "../../../../runtime/testing/index.js";
import type { SessionBackend } from "../../../../runtime/types/backend.js";
import { openShop } from "../../../suites/shop-kind.js";
import { nextOf, recordAt } from "./places.js";

const deadline = "2s";
const trust = "4s";

/** Two processes over one cache and one store; the cache, as the first sees it, fails as the plan says. */
function openTwo() {
  const clock = fakeClock(Date.now());
  const store = createMemoryBackend({ clock });
  const cache = createMemoryBackend({ clock });
  const plan: FailingPlan = {};
  const storePlan: FailingPlan = {};
  const logger = { warn: () => {} };
  const first = createCachedBackend({ cache: failingBackend(cache, plan), store, deadline, clock, logger });
  const loads = { count: 0 };
  const counted = failingBackend(failingBackend(store, storePlan), {
    load: () => {
      loads.count += 1;
      return "pass";
    },
  });
  const second = createCachedBackend({ cache, store: counted, deadline, clock, logger });
  return { clock, store, cache, plan, storePlan, first, second, loads };
}

let two: ReturnType<typeof openTwo>;
beforeEach(() => {
  two = openTwo();
});

function cutCache(): void {
  for (const method of ["create", "load", "save", "touch", "delete"] as const)
    two.plan[method] = () => "reject";
}

function connectCache(): void {
  for (const method of ["create", "load", "save", "touch", "delete"] as const) delete two.plan[method];
  two.clock.advance("1s");
}

describe("reading", () => {
  test("asks the store once in twice the deadline, and the cache meanwhile", async () => {
    const record = recordAt(two.clock());
    await two.store.create(record);
    for (let time = 0; time < 8; time += 1) {
      expect(await two.second.load("one")).toEqual(record);
      two.clock.advance(0.5);
    }
    expect(two.loads.count).toBe(1);
    expect(await two.second.load("one")).toEqual(record);
    expect(two.loads.count).toBe(2);
  });

  test("finds what was written in the cache, and asks the store for nothing", async () => {
    const record = recordAt(two.clock(), {
      indexed: { userId: 1 },
      tenant: "t",
      data: Uint8Array.of(255, 0),
    });
    await two.first.create(record);
    expect(await two.second.load("one")).toEqual(record);
    expect(two.loads.count).toBe(0);
  });

  test("keeps an entry no longer than the record has to live, and believes none that has expired", async () => {
    const record = recordAt(two.clock(), { expiresAt: two.clock() + 1000 });
    await two.first.create(record);
    expect((await two.cache.load("one"))?.expiresAt).toBe(record.expiresAt);
    await two.store.touch("one", 1, two.clock() + 60_000);
    two.clock.advance("1s");
    expect((await two.second.load("one"))?.expiresAt).toBe(two.clock() + 59_000);
  });

  test("believes no entry of a clock that is ahead, nor what something else left in the cache", async () => {
    const record = recordAt(two.clock());
    await two.first.create(record);
    two.clock.set(two.clock() - 1000);
    await two.second.load("one");
    expect(two.loads.count).toBe(1);
    await two.cache.delete("one");
    await two.cache.create({ ...record, data: new TextEncoder().encode("nonsense") });
    expect(await two.second.load("one")).toEqual(record);
    two.clock.advance(0.001);
    expect(await two.second.load("one")).toEqual(record);
    expect(two.loads.count).toBe(2);
  });
});

describe("a write by another process", () => {
  test("is read at once: save, touch, delete", async () => {
    const record = recordAt(two.clock());
    const saved = nextOf(record);
    await two.first.create(record);
    await two.second.load("one");
    await two.first.save(saved);
    expect(await two.second.load("one")).toEqual(saved);
    await two.first.touch("one", 2, saved.expiresAt + 5);
    expect(await two.second.load("one")).toEqual({ ...saved, expiresAt: saved.expiresAt + 5 });
    expect(two.loads.count).toBe(0);
    await two.first.delete("one");
    expect([await two.second.load("one"), await two.second.exists("one")]).toEqual([null, false]);
  });

  test("of which the cache could not be told is read by the writer at once, which tells the cache", async () => {
    const record = recordAt(two.clock());
    const saved = nextOf(record);
    await two.first.create(record);
    cutCache();
    expect(await two.first.save(saved)).toBe(true);
    connectCache();
    expect(await two.second.load("one")).toEqual(record);
    expect(await two.first.load("one")).toEqual(saved);
    expect(await two.second.load("one")).toEqual(saved);
  });

  test("by one that died before it told the cache is read after twice the deadline at the latest", async () => {
    const record = recordAt(two.clock());
    await two.first.create(record);
    await two.store.save(nextOf(record));
    two.clock.advance(3.999);
    expect(await two.second.load("one")).toEqual(record);
    two.clock.advance(0.001);
    expect((await two.second.load("one"))?.revision).toBe(2);
    await two.store.delete("one");
    two.clock.advance(trust);
    expect(await two.second.load("one")).toBeNull();
  });
});

describe("a stale entry", () => {
  test.each(["save", "touch"] as const)(
    "makes no stale %s: it is refused, and the reload reads the store",
    async (method) => {
      const record = recordAt(two.clock());
      const saved = nextOf(record);
      await two.first.create(record);
      await two.store.save(saved);
      const stale = await two.second.load("one");
      expect(stale).toEqual(record);
      const isDone =
        method === "save"
          ? two.second.save(nextOf(record))
          : two.second.touch("one", 1, record.expiresAt + 1);
      expect(await isDone).toBe(false);
      expect(await two.second.load("one")).toEqual(saved);
      two.clock.advance(0.001);
      await two.second.load("one");
      expect(await two.second.load("one")).toEqual(saved);
      expect(two.loads.count).toBe(2);
    },
  );

  test("is merged by sessions like any change of another request", async () => {
    const [one, other] = [two.first, two.second].map((backend) => openShop(backend, { clock: two.clock }));
    const direct = openShop(two.store, { clock: two.clock });
    const session = one?.create({ visits: 1 });
    await session?.save();
    const key = session?.key ?? "";
    const behindTheCache = await direct.load(key);
    behindTheCache?.update({ visits: 10, theme: "dark" });
    await behindTheCache?.save();
    const stale = await other?.load(key);
    expect(stale?.visits).toBe(1);
    stale?.update({ visits: 2 });
    await stale?.save();
    expect((await direct.load(key))?.toObject()).toMatchObject({ visits: 11, theme: "dark" });
  });
});

describe("a slow reader", () => {
  async function deleteDuringRefill(pause: 1 | 5): Promise<SessionBackend> {
    const record = recordAt(two.clock());
    await two.store.create(record);
    let go = (): void => {};
    two.plan.create = { wait: new Promise<void>((resolve) => (go = resolve)) };
    const slow = two.first.load("one");
    await new Promise((resolve) => setImmediate(resolve));
    await two.second.delete("one");
    two.clock.advance(pause);
    go();
    expect(await slow).toEqual(record);
    return two.second;
  }

  test("does not put a deleted session back", async () => {
    const second = await deleteDuringRefill(1);
    const tombstone = await two.cache.load("one");
    expect([tombstone?.data.length, tombstone?.revision]).toEqual([0, 1]);
    expect(await second.load("one")).toBeNull();
  });

  test("that comes after the tombstone is not believed", async () => {
    expect(await (await deleteDuringRefill(5)).load("one")).toBeNull();
  });

  test("does not put an older revision over a newer one", async () => {
    const record = recordAt(two.clock());
    const saved = nextOf(record);
    await two.store.create(record);
    let go = (): void => {};
    two.plan.create = { wait: new Promise<void>((resolve) => (go = resolve)) };
    const slow = two.first.load("one");
    await new Promise((resolve) => setImmediate(resolve));
    await two.second.save(saved);
    go();
    await slow;
    expect(await two.second.load("one")).toEqual(saved);
  });
});

test("what a sweep has deleted is not read from the cache", async () => {
  const record = recordAt(two.clock());
  await two.first.create(record);
  expect(await two.first.abilities.sweep.deleteExpired(record.expiresAt, 10)).toBe(1);
  expect(await two.first.load("one")).toBeNull();
});

test("the store decides: what it rejects is rejected, and read from it afterwards", async () => {
  const record = recordAt(two.clock());
  await two.second.create(record);
  two.storePlan.save = ["lose-answer"];
  await expect(two.second.save(nextOf(record))).rejects.toThrow("lost");
  expect((await two.second.load("one"))?.revision).toBe(2);
});

test("the cache needs a place of its own", () => {
  const place = createMemoryBackend();
  expect(() => createCachedBackend({ cache: place, store: place })).toThrow(
    expect.objectContaining({ code: "config" }),
  );
  expect(createCachedBackend({ cache: place, store: createMemoryBackend() }).place).toBe(
    '["cached","memory","memory"]',
  );
});
