import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeptRecord } from "../../../runtime/backends/memory/kept-record.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fakeClock } from "../../../runtime/testing/clock.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";

const shared = createMemoryBackend();
backendSuite("memory", () => createMemoryBackend(), { abilities: everyAbility });
backendSuite("shared memory", () => shared, { abilities: everyAbility });

const hour = 3_600_000;
const clock = fakeClock();

function record(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    tenant: null,
    header: "1;json;-;-;0",
    data: new Uint8Array(8),
    revision: 1,
    writeId: id,
    createdAt: clock(),
    expiresAt: clock() + hour,
    indexed: {},
    ...changes,
  };
}

describe("a full memory", () => {
  test("drops expired sessions before anyone is logged out", async () => {
    const memory = createMemoryBackend({ maxSessions: 3, clock });
    await memory.create(record("a"));
    await memory.create(record("over", { expiresAt: clock() + 1000 }));
    await memory.create(record("b"));
    clock.advance("1s");
    await memory.create(record("c"));
    expect(await present(memory, ["a", "over", "b", "c"])).toEqual(["a", "b", "c"]);
  });

  test("then drops who was inactive for longest, whatever the expiry", async () => {
    const memory = createMemoryBackend({ maxSessions: 4, clock });
    for (const id of ["a", "b", "c"]) await memory.create(record(id));
    await memory.create(record("rotating", { expiresAt: clock() + 60_000 }));
    await memory.touch("a", 1, clock() + 2 * hour);
    await memory.save(record("b", { revision: 2, writeId: "b2" }));
    await memory.create(record("d"));
    expect(await present(memory, ["a", "b", "c", "rotating", "d"])).toEqual(["a", "b", "rotating", "d"]);
    await memory.create(record("e"));
    expect(await present(memory, ["a", "b", "rotating", "d", "e"])).toEqual(["a", "b", "d", "e"]);
  });

  test("stays bounded over many turns, and forgets the evicted in every index", async () => {
    const memory = createMemoryBackend({ maxSessions: 10, clock });
    for (let at = 0; at < 5000; at++) {
      const id = `s${at}`;
      await memory.create(
        record(id, { tenant: "shop", indexed: { userId: at % 7 }, expiresAt: clock() + hour + at }),
      );
      if (at % 3 === 0) await memory.touch(id, 1, clock() + 2 * hour + at);
      if (at % 5 === 0) await memory.delete(id);
    }
    const { find, list, scan } = memory.abilities;
    const ids = (await scan.scan({ limit: 1000 })).records.map(({ id }) => id);
    expect(ids.length).toBe(10);
    expect((await list.list({ tenant: "shop", limit: 1000 })).records.map(({ id }) => id)).toEqual(ids);
    const found = [0, 1, 2, 3, 4, 5, 6].map((value) => find.find({ field: "userId", value, limit: 1000 }));
    expect((await Promise.all(found)).flatMap(({ records }) => records).length).toBe(10);
  });

  test("needs room for one", () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN]) {
      expect(() => createMemoryBackend({ maxSessions })).toThrow(expect.objectContaining({ code: "config" }));
    }
  });
});

describe("the collector", () => {
  beforeEach(() => {
    clock.set(Date.UTC(2026, 0, 1));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function pass(milliseconds: number): Promise<void> {
    clock.advance(milliseconds / 1000);
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  test("throws expired sessions away without being asked, by one timer", async () => {
    const memory = createMemoryBackend({ clock });
    expect(vi.getTimerCount()).toBe(0);
    await memory.create(record("late", { expiresAt: clock() + 2 * hour }));
    await memory.create(record("early"));
    await memory.create(record("touched"));
    await memory.touch("touched", 1, clock() + 3 * hour);
    expect(vi.getTimerCount()).toBe(1);
    await pass(hour - 1);
    expect(await present(memory, ["early", "late", "touched"])).toEqual(["early", "late", "touched"]);
    await pass(1);
    expect(await present(memory, ["early", "late", "touched"])).toEqual(["late", "touched"]);
    await pass(hour);
    expect(await present(memory, ["late", "touched"])).toEqual(["touched"]);
    await pass(hour);
    expect([await present(memory, ["touched"]), vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("goes by the expiry that was written last, be it later or earlier than those before", async () => {
    const memory = createMemoryBackend({ clock });
    const start = clock();
    const hours = { later: [1, 3], earlier: [3, 2], back: [1, 3, 0.5, 2], repeated: [1, 2, 3, 4] };
    for (const [id, [first = 0, ...others]] of Object.entries(hours)) {
      await memory.create(record(id, { expiresAt: start + first * hour }));
      for (const other of others) await memory.touch(id, 1, start + other * hour);
    }
    await pass(2 * hour - 1);
    expect(await present(memory, Object.keys(hours))).toEqual(["later", "earlier", "back", "repeated"]);
    await pass(1);
    expect(await present(memory, Object.keys(hours))).toEqual(["later", "repeated"]);
    await pass(hour);
    expect(await present(memory, Object.keys(hours))).toEqual(["repeated"]);
    await pass(hour);
    expect([await present(memory, Object.keys(hours)), vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("and a sweep take a few hundred at a time, so that requests come in between", async () => {
    const memory = createMemoryBackend({ clock });
    const countNow = async (): Promise<number> =>
      (await memory.abilities.scan.scan({ limit: 2000 })).records.length;
    for (let at = 0; at < 1500; at++) await memory.create(record(`s${at}`));
    await pass(hour);
    expect(await countNow()).toBe(1250);
    expect(await memory.abilities.sweep.deleteExpired(clock(), 1000)).toBe(250);
    await pass(20);
    expect(await countNow()).toBe(750);
    await pass(60);
    expect(await countNow()).toBe(0);
  });

  test("and a sweep look at a thousand at a time of those that were touched, and go on until all that is over is gone", async () => {
    const memory = createMemoryBackend({ clock });
    for (let at = 0; at < 10_000; at++) {
      await memory.create(record(`touched${at}`));
      await memory.touch(`touched${at}`, 1, clock() + 2 * hour);
    }
    await memory.create(record("touched-not", { expiresAt: clock() + hour + 1 }));
    const { sweep } = memory.abilities;
    const looks = vi.spyOn(KeptRecord.prototype, "expiresAt", "get");
    // Memories of earlier tests may still be collecting.
    const count = (): number =>
      looks.mock.contexts.filter((kept) => kept instanceof KeptRecord && kept.id.startsWith("touched"))
        .length;
    clock.advance(hour / 1000 + 1);
    expect([await sweep.deleteExpired(clock(), 250), count()]).toEqual([0, 1000]);
    expect([sweep.isMidway?.(), await memory.exists("touched-not")]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(hour);
    expect(count()).toBe(2000);
    await vi.advanceTimersByTimeAsync(20);
    expect(count()).toBe(3000);
    await vi.advanceTimersByTimeAsync(200);
    expect([count(), await memory.exists("touched-not")]).toEqual([10_001, false]);
    looks.mockRestore();
    expect([await sweep.deleteExpired(clock(), 250), sweep.isMidway?.()]).toEqual([0, false]);
    expect(await present(memory, ["touched0", "touched9999"])).toEqual(["touched0", "touched9999"]);
    await pass(2 * hour);
    await pass(1000);
    expect((await memory.abilities.scan.scan({ limit: 1 })).records).toEqual([]);
  });

  test("waits for what expires in a hundred years without firing at once", async () => {
    const memory = createMemoryBackend({ clock });
    await memory.create(record("far", { expiresAt: Date.UTC(2126, 0, 1) }));
    await pass(40 * 24 * hour);
    expect([await present(memory, ["far"]), vi.getTimerCount()]).toEqual([["far"], 1]);
  });

  test("keeps for five minutes what is over when it comes: sessions may have another clock", async () => {
    const memory = createMemoryBackend({ clock });
    await memory.create(record("over", { expiresAt: clock() - 1 }));
    await pass(299_999);
    expect(await present(memory, ["over"])).toEqual(["over"]);
    await pass(1);
    expect(await present(memory, ["over"])).toEqual([]);
  });

  test("keeps no process alive", async () => {
    vi.useRealTimers();
    const set = vi.spyOn(globalThis, "setTimeout");
    await createMemoryBackend({ clock }).create(record("one"));
    expect(set.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
    set.mockRestore();
  });

  test("ends with close", async () => {
    const memory = createMemoryBackend({ clock });
    await memory.create(record("one"));
    await memory.close?.();
    expect(vi.getTimerCount()).toBe(0);
    await expect(memory.load("one")).rejects.toMatchObject({ code: "unavailable" });
    await expect(memory.abilities.scan.scan({ limit: 1 })).rejects.toMatchObject({ code: "unavailable" });
  });
});

async function present(
  memory: ReturnType<typeof createMemoryBackend>,
  ids: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => memory.load(id)));
  return found.flatMap((one) => (one === null ? [] : [one.id]));
}
