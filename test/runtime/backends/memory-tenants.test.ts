import { describe, expect, test } from "vitest";
import type { SessionRecord } from "../../../runtime/backends/backend.js";
import { TenantTimes } from "../../../runtime/backends/memory/tenant-times.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";

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

  test("is kept track of without a trace of all that was: an entry that is over does not stay", () => {
    let [current, looks] = [record("a"), 0];
    const ids = new Set(["a"]);
    const times = new TenantTimes("shop", ids, () => {
      looks += 1;
      return current;
    });
    for (let at = 1; at <= 20_000; at++) {
      const next = record("a", { createdAt: now - at, expiresAt: now + hour - at });
      times.put(next, current, ids);
      current = next;
    }
    looks = 0;
    expect([times.oldest(), times.ended(now + 2 * hour)]).toEqual([current, current]);
    // Each entry that is over would be looked at before it is thrown away.
    expect(looks).toBeLessThan(2_000);
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
