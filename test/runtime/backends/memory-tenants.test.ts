import { describe, expect, test, vi } from "vitest";
import { KeptRecord } from "../../../runtime/backends/memory/kept-record.js";
import { TenantTimes } from "../../../runtime/backends/memory/tenant-times.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { createRandom } from "../../suites/damaged-bytes.js";

const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const memoryAt = () => createMemoryBackend({ clock: () => now });

function record(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    tenant: "shop",
    header: "1;json;-;-;0",
    data: new Uint8Array(8),
    revision: 1,
    writeId: id,
    createdAt: now,
    expiresAt: now + hour,
    indexed: {},
    ...changes,
  };
}

type Memory = ReturnType<typeof createMemoryBackend>;

function addWithin(memory: Memory, added: SessionRecord, max: number, onLimit: "refuse" | "oldest") {
  return memory.abilities.limit.createWithin(added, { tenant: "shop", max, onLimit });
}

async function membersOf({ abilities }: Memory): Promise<readonly string[]> {
  return (await abilities.list.list({ tenant: "shop", limit: 100 })).records.map(({ id }) => id);
}

describe("the room of a tenant in memory", () => {
  test("is made by who was created first, whatever was written since, and by as many as are too many", async () => {
    const memory = memoryAt();
    for (const [id, age] of [
      ["a", 3],
      ["b", 5],
      ["c", 5],
      ["d", 1],
    ] as const)
      await addWithin(memory, record(id, { createdAt: now - age }), 9, "oldest");
    await memory.save(record("b", { createdAt: now - 5, revision: 2, writeId: "b2" }));
    await addWithin(memory, record("e"), 4, "oldest");
    expect(await membersOf(memory)).toEqual(["a", "c", "d", "e"]);
    await addWithin(memory, record("f"), 2, "oldest");
    expect(await membersOf(memory)).toEqual(["e", "f"]);
    expect(await addWithin(memory, record("g"), 2, "refuse")).toBe(false);
    expect(await membersOf(memory)).toEqual(["e", "f"]);
  });

  test("is not taken by what is over by the creator's clock, unless its expiry was moved", async () => {
    const memory = memoryAt();
    for (const id of ["a", "b", "c"])
      await addWithin(memory, record(id, { expiresAt: now + 10 }), 3, "refuse");
    expect(await addWithin(memory, record("d", { createdAt: now + 9 }), 3, "refuse")).toBe(false);
    await memory.touch("b", 1, now + hour);
    expect(await addWithin(memory, record("d", { createdAt: now + 10 }), 2, "refuse")).toBe(true);
    expect(await membersOf(memory)).toEqual(["b", "d"]);
    const later = { createdAt: now + hour, expiresAt: now + 2 * hour };
    expect(await addWithin(memory, record("e", later), 1, "refuse")).toBe(true);
    expect(await membersOf(memory)).toEqual(["e"]);
  });

  test("is left by what goes to another tenant, as a record does whose key is changed, and taken again by its return", async () => {
    const memory = memoryAt();
    await addWithin(memory, record("a", { createdAt: now - 1 }), 2, "refuse");
    await memory.save(record("a", { tenant: "shop=m", createdAt: now - 1, revision: 2, writeId: "a2" }));
    await addWithin(memory, record("b"), 1, "refuse");
    await memory.save(record("a", { createdAt: now - 1, revision: 3, writeId: "a3" }));
    expect(await addWithin(memory, record("c"), 2, "refuse")).toBe(false);
    await addWithin(memory, record("c"), 2, "oldest");
    expect(await membersOf(memory)).toEqual(["b", "c"]);
    await memory.save(record("b", { tenant: "shop=m", revision: 2, writeId: "b2" }));
    await addWithin(memory, record("d"), 1, "oldest");
    expect(await membersOf(memory)).toEqual(["d"]);
    expect(await memory.exists("b")).toBe(true);
  });

  test("is told by a few looks when all its sessions were touched, and are then over together", async () => {
    const memory = memoryAt();
    const size = 5000;
    for (let at = 0; at < size; at++) {
      await addWithin(memory, record(`s${at}`, { createdAt: now + at }), size, "refuse");
      await memory.touch(`s${at}`, 1, now + 2 * hour + at);
    }
    const looks = vi.spyOn(KeptRecord.prototype, "expiresAt", "get");
    const addAt = (id: string, createdAt: number, onLimit: "refuse" | "oldest") =>
      addWithin(memory, record(id, { createdAt, expiresAt: now + 9 * hour }), size, onLimit);
    expect(await addAt("refused", now + 2 * hour - 1, "refuse")).toBe(false);
    expect(await addAt("after s0", now + 2 * hour - 1, "oldest")).toBe(true);
    expect(await addAt("refused", now + 2 * hour, "refuse")).toBe(false);
    expect(await addAt("after s1", now + 2 * hour + 1, "refuse")).toBe(true);
    expect(await addAt("after s2", now + 3 * hour, "oldest")).toBe(true);
    expect(looks.mock.calls.length).toBeLessThan(20);
    looks.mockRestore();
    const ids = ["s0", "after s0", "s1", "after s1", "s2", "after s2", "s3", `s${size - 1}`];
    const found = await Promise.all(ids.map((id) => memory.exists(id)));
    expect(ids.filter((_, at) => found[at])).toEqual([
      "after s0",
      "after s1",
      "after s2",
      "s3",
      `s${size - 1}`,
    ]);
  });

  test("is kept track of as it is, whatever is written", () => {
    const random = createRandom(2);
    const below = (end: number): number => Math.floor(random() * end);
    const placed = new Map<string, Placed>();
    const times = new TenantTimes([]);
    for (let turn = 0; turn < 5000; turn += 1) {
      const id = `${below(60)}`;
      if (below(3) === 0) {
        placed.delete(id);
        times.remove(id);
      } else {
        const next = { id, createdAt: below(30), expiresAt: below(30) };
        placed.set(id, next);
        times.put(next);
      }
      const end = firstBy(placed, "expiresAt");
      expect(times.oldest()).toBe(firstBy(placed, "createdAt")?.id);
      expect([times.ended(end?.expiresAt ?? 0), times.ended((end?.expiresAt ?? 0) - 1)]).toEqual([
        end?.id,
        undefined,
      ]);
    }
    const again = new TenantTimes([...placed.values()]);
    for (const id of placed.keys()) {
      expect(again.oldest()).toBe(firstBy(placed, "createdAt")?.id);
      placed.delete(id);
      again.remove(id);
    }
    expect(again.oldest()).toBeUndefined();
  });

  test("costs about the same in a tenant of 20,000 as in one of 20", async () => {
    const times: number[] = [];
    for (const size of [20, 20_000]) {
      const memory = memoryAt();
      for (let at = 0; at < size; at++) await memory.create(record(`s${at}`, { createdAt: now - size + at }));
      await addWithin(memory, record("first"), size, "oldest");
      const start = performance.now();
      for (let at = 0; at < 1000; at++) {
        await memory.touch(`s${size - 1}`, 1, now + hour + at);
        await addWithin(memory, record(`new${at}`, { createdAt: now + at }), size, "oldest");
      }
      times.push(performance.now() - start);
      expect((await memory.abilities.list.list({ tenant: "shop", limit: 1 })).records).toHaveLength(1);
    }
    // To walk over them all took a thousand times as long.
    expect((times[1] ?? 0) / (times[0] ?? 0)).toBeLessThan(30);
  });
});

type Placed = Pick<SessionRecord, "id" | "createdAt" | "expiresAt">;

function firstBy(placed: ReadonlyMap<string, Placed>, time: "createdAt" | "expiresAt"): Placed | undefined {
  return [...placed.values()].sort(
    (one, other) => one[time] - other[time] || (one.id < other.id ? -1 : 1),
  )[0];
}
