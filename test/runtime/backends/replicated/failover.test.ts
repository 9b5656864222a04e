import { afterEach, describe, expect, test } from "vitest";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, type Options, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
afterEach(() => sides.close());

const start = (options: Options = {}) => {
  sides = openSides(options);
  return sides.open();
};

const unavailable = expect.objectContaining({ code: "unavailable" });

describe("each mode keeps its word", () => {
  test.each(["sync", "acknowledged"] as const)("%s: what was answered is on both sides", async (mode) => {
    const backend = start({ mode });
    const record = recordAt(Date.now());
    const saved = nextOf(record);
    await backend.create(record);
    expect(await sides.secondary.load("one")).toEqual(record);
    await backend.save(saved);
    expect(await sides.secondary.load("one")).toEqual(saved);
    await backend.touch("one", 2, saved.expiresAt + 5);
    expect(await sides.secondary.load("one")).toEqual({ ...saved, expiresAt: saved.expiresAt + 5 });
    fail(sides.secondaryPlan);
    await expect(backend.save(nextOf(saved))).rejects.toEqual(unavailable);
    heal(sides.secondaryPlan);
    expect(await backend.drain()).toBe(true);
    expect((await sides.secondary.load("one"))?.revision).toBe(3);
    expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
  });

  test("async: the secondary keeps nobody waiting", async () => {
    const backend = start();
    sides.secondaryPlan.create = ["hang"];
    const begin = performance.now();
    expect(await backend.create(recordAt(Date.now()))).toBe(true);
    expect(performance.now() - begin).toBeLessThan(90);
    expect(backend.replication.size).toBe(1);
    expect(await backend.drain("3s")).toBe(true);
    heal(sides.secondaryPlan);
  });

  test("sync: both are asked at once; acknowledged: the primary first", async () => {
    for (const [mode, isOnSecondary] of [
      ["sync", true],
      ["acknowledged", false],
    ] as const) {
      const backend = start({ mode });
      let go = (): void => {};
      sides.primaryPlan.create = { wait: new Promise<void>((resolve) => (go = resolve)) };
      const created = backend.create(recordAt(Date.now()));
      await new Promise((resolve) => setImmediate(resolve));
      expect(await sides.secondary.exists("one")).toBe(isOnSecondary);
      go();
      expect(await created).toBe(true);
      await backend.close();
    }
  });

  test.each(["sync", "acknowledged"] as const)(
    "%s: a caller that waits no longer is answered, and the copy follows",
    async (mode) => {
      const backend = start({ mode, deadline: 10 });
      const record = recordAt(Date.now());
      await backend.create(record);
      let go = (): void => {};
      sides.secondaryPlan.save = { wait: new Promise<void>((resolve) => (go = resolve)) };
      const controller = new AbortController();
      const saved = backend.save(nextOf(record), { signal: controller.signal });
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await expect(saved).rejects.toMatchObject({ code: "timeout" });
      go();
      expect(await backend.drain()).toBe(true);
      expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
    },
  );
});

describe('failover "read"', () => {
  test("answers reads, on error and on a miss; writes reject; a primary that came back empty is filled", async () => {
    const backend = start();
    const record = recordAt(Date.now(), { indexed: { userId: 7 } });
    await backend.create(record);
    await backend.drain();
    fail(sides.primaryPlan);
    expect(await backend.load("one")).toEqual(record);
    await expect(backend.save(nextOf(record))).rejects.toEqual(unavailable);
    await expect(backend.create(recordAt(Date.now(), { id: "two" }))).rejects.toEqual(unavailable);
    const { records } = await backend.abilities.find.find({ field: "userId", value: 7, limit: 2 });
    expect(records).toEqual([record]);
    await sides.primary.delete("one");
    heal(sides.primaryPlan);
    await expect.poll(() => liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
    expect(await backend.load("one")).toEqual(record);
  });

  test("a session that the primary has lost is written as if it had not", async () => {
    const backend = start();
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    await sides.primary.delete("one");
    expect(await backend.load("one")).toEqual(record);
    expect(await backend.save(nextOf(record))).toBe(true);
    expect((await sides.primary.load("one"))?.revision).toBe(2);
  });

  test("a copy that is behind does not beat what waits to be copied", async () => {
    const backend = start();
    const record = recordAt(Date.now());
    const saved = nextOf(record);
    await backend.create(record);
    await backend.drain();
    sides.secondaryPlan.save = () => "reject";
    await backend.save(saved);
    fail(sides.primaryPlan);
    expect(await backend.load("one")).toEqual(saved);
    heal(sides.primaryPlan);
    heal(sides.secondaryPlan);
  });
});

describe('failover "write"', () => {
  test("takes writes while the primary is down, and the primary follows", async () => {
    const backend = start({ failover: "write" });
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    fail(sides.primaryPlan);
    let saved = record;
    for (let time = 0; time < 5; time += 1) {
      saved = nextOf(saved);
      expect(await backend.save(saved)).toBe(true);
    }
    expect(await backend.touch("one", 6, saved.expiresAt + 9)).toBe(true);
    expect(await backend.create(recordAt(Date.now(), { id: "two" }))).toBe(true);
    expect((await backend.load("one"))?.revision).toBe(6);
    heal(sides.primaryPlan);
    expect(await backend.drain()).toBe(true);
    expect(await sides.primary.load("one")).toEqual({ ...saved, expiresAt: saved.expiresAt + 9 });
    expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
  });

  test.each([
    ["b", "a", "b"],
    ["a", "b", "b"],
  ])(
    "after a partition the higher (revision, write id) stays: %s on the primary, %s on the secondary",
    async (onPrimary, onSecondary, winner) => {
      const backend = start({ failover: "write" });
      const record = recordAt(Date.now());
      await backend.create(record);
      await backend.drain();
      fail(sides.primaryPlan);
      await sides.primary.save(nextOf(record, { writeId: onPrimary, data: Uint8Array.of(1) }));
      await backend.save(nextOf(record, { writeId: onSecondary, data: Uint8Array.of(2) }));
      heal(sides.primaryPlan);
      expect(await backend.drain()).toBe(true);
      expect(await sides.primary.load("one")).toMatchObject({ writeId: winner, revision: 3 });
      expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
    },
  );

  test("a primary that is behind is not read, and a write on what is newer is not refused", async () => {
    const backend = start({ failover: "write" });
    const record = recordAt(Date.now());
    const saved = nextOf(record);
    await sides.primary.create(record);
    await sides.secondary.create(saved);
    expect(await backend.load("one")).toEqual(saved);
    expect(await backend.save(nextOf(saved))).toBe(true);
    expect((await sides.primary.load("one"))?.revision).toBe(3);
  });
});

describe("what waits", () => {
  test("is bounded, observable and warned of once; what was given up is found by comparing", async () => {
    const backend = start({ capacity: 10, clock: Date.now });
    fail(sides.secondaryPlan);
    for (let at = 0; at < 50; at += 1) await backend.create(recordAt(Date.now(), { id: `s${at}` }));
    expect(backend.replication).toMatchObject({ size: 10, dropped: 40 });
    await expect.poll(() => backend.replication.oldestAge).toBeGreaterThan(0);
    await expect.poll(() => sides.warnings.length).toBe(1);
    expect(sides.warnings[0]).not.toContain("s4");
    heal(sides.secondaryPlan);
    await expect.poll(() => liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
    expect((await liveOn(sides.secondary)).size).toBe(50);
    expect(await backend.drain()).toBe(true);
    expect(sides.warnings.length).toBe(1);
  });

  test("is warned of no more than once a minute where one session fails among others that do not", async () => {
    const backend = start({ clock: Date.now });
    await backend.create(recordAt(Date.now(), { id: "alone" }));
    await backend.drain();
    let tries = 0;
    sides.secondaryPlan.touch = () => {
      tries += 1;
      return "reject";
    };
    await backend.touch("alone", 1, Date.now() + 7_200_000);
    for (let at = 0; tries < 20; at += 1) {
      await backend.create(recordAt(Date.now(), { id: `s${at}` }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sides.warnings.length).toBe(1);
    delete sides.secondaryPlan.touch;
    expect(await backend.drain()).toBe(true);
  });

  test("is one job a session, though the secondary flaps, and ends without a difference", async () => {
    const backend = start();
    fail(sides.secondaryPlan, () =>
      Math.random() < 0.4 ? "reject" : Math.random() < 0.3 ? "lose-answer" : "pass",
    );
    let record = recordAt(Date.now());
    await backend.create(record);
    for (let time = 0; time < 300; time += 1) {
      record = nextOf(record);
      expect(await backend.save(record)).toBe(true);
      if (time % 7 === 0) await backend.touch("one", record.revision, record.expiresAt + time);
      expect(backend.replication.size).toBeLessThanOrEqual(1);
    }
    heal(sides.secondaryPlan);
    expect(await backend.drain("5s")).toBe(true);
    expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
  });

  test("needs attempts", () => {
    expect(() => openSides({ retry: { attempts: 0 } }).open()).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });
});

test("a touch while the primary is down does not find a tombstone that happens to have its revision", async () => {
  const backend = start({ failover: "write" });
  const { expiresAt } = recordAt(Date.now());
  expect(await backend.delete("one")).toBe(false);
  const tombstone = await sides.secondary.load("one");
  expect(tombstone?.revision).toBe(1);
  fail(sides.primaryPlan);
  expect(await backend.touch("one", 1, expiresAt)).toBe(false);
  expect(await sides.secondary.load("one")).toEqual(tombstone);
  heal(sides.primaryPlan);
});
