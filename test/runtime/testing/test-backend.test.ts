import { describe, expect, test } from "vitest";
import { createMemoryBackend, type MemoryAbilities } from "../../../runtime/backends/memory.js";
import { testBackend } from "../../../runtime/testing/test-backend.js";
import type { RecordPage, SessionBackend, SessionRecord } from "../../../runtime/types/backend.js";

type Memory = SessionBackend<MemoryAbilities>;

/** Each breaks one promise; the suite must name a case that tells so. */
const faults: readonly {
  readonly fault: string;
  readonly named: string;
  readonly make: () => SessionBackend;
}[] = [
  {
    fault: "a save that writes what is not there",
    named: "delete: true once, then false; nothing revives what is gone",
    make: () =>
      broken((memory) => ({ save: async (record) => (await memory.save(record)) || memory.create(record) })),
  },
  {
    fault: "a save that does not compare",
    named: "save: false at any other revision, and nothing changes",
    make: () => broken(overwrite),
  },
  {
    fault: "a save that compares, waits and then swaps",
    named: "save: of 50 at once on each revision exactly one wins",
    make: () => broken(compareThenSwap),
  },
  {
    fault: "a create that does not know its own write",
    named: "create: true again for the same write, and nothing changes",
    make: () =>
      broken((memory) => ({
        create: async (record) => !(await memory.exists(record.id)) && memory.create(record),
      })),
  },
  {
    fault: "a touch that does not look at the revision",
    named: "touch: false at another revision, and nothing changes",
    make: () =>
      broken((memory) => ({
        touch: async (id, _, expiresAt) => {
          const current = await memory.load(id);
          return current !== null && memory.touch(id, current.revision, expiresAt);
        },
      })),
  },
  {
    fault: "data kept as text",
    named: "data: every byte value, none at all, and 256 kB",
    make: () =>
      broken((memory) => ({
        create: (record) =>
          memory.create({ ...record, data: Buffer.from(Buffer.from(record.data).toString()) }),
      })),
  },
  {
    fault: "ids that are trimmed and case-folded",
    named: "ids: whatever they hold, each is itself and no other",
    make: () =>
      broken((memory) => ({ create: (record) => memory.create({ ...record, id: record.id.trim() }) })),
  },
  {
    fault: "times in seconds",
    named: "numbers: expiry in 2100 and 9999, creation in 1970, a revision above 32 bits",
    make: () =>
      broken((memory) => ({
        create: (record) =>
          memory.create({ ...record, expiresAt: Math.floor(record.expiresAt / 1000) * 1000 }),
      })),
  },
  {
    fault: "a sweep that leaves what expires right now",
    named: "sweep: deletes what expires until now, and nothing that expires a millisecond later",
    make: () =>
      able((memory) => ({
        sweep: { deleteExpired: (now, limit) => memory.abilities.sweep.deleteExpired(now - 1, limit) },
      })),
  },
  {
    fault: "a sweep without a limit",
    named: "sweep: deletes at most so many at a time, and tells how many",
    make: () =>
      able((memory) => ({
        sweep: { deleteExpired: (now) => memory.abilities.sweep.deleteExpired(now, 1000) },
      })),
  },
  {
    fault: "a sweep that looks first and deletes later",
    named: "sweep: beside touches and saves, takes no record whose new life was acknowledged",
    make: () => able(lookThenDelete),
  },
  {
    fault: "a find that converts what it looks for",
    named: "find: keeps text, numbers, booleans and null apart, and fields too",
    make: () =>
      able((memory) => ({
        find: {
          find: ({ value, ...query }) =>
            memory.abilities.find.find({
              ...query,
              value: typeof value === "string" && +value ? +value : value,
            }),
        },
      })),
  },
  {
    fault: "pages counted by number of records",
    named: "scan: pages through everything without gap or repeat while others come and go",
    make: () => able(pageByOffset),
  },
  {
    fault: "a limit that counts first and creates later",
    named: "limit: of 100 at once exactly as many are created as there is room",
    make: () => able(countThenCreate),
  },
];

describe("the suite", () => {
  test.each(faults)("finds $fault", async ({ named, make }) => {
    const failure = await testBackend(make).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AggregateError);
    expect(String(failure)).toContain(`- ${named}: `);
  });

  test("is fulfilled by a backend that keeps the contract", async () => {
    await expect(testBackend(() => createMemoryBackend())).resolves.toBeUndefined();
  });

  test("asks a backend for the abilities it declares, or for those that are named", async () => {
    const bare = (): SessionBackend => ({ ...createMemoryBackend(), abilities: {} });
    await expect(testBackend(bare)).resolves.toBeUndefined();
    await expect(testBackend(bare, { abilities: [] })).resolves.toBeUndefined();
    await expect(testBackend(bare, { abilities: ["list"] })).rejects.toThrow("list: without a tenant");
    const names = [...testBackend(bare, { abilities: ["list"] })].map(({ name }) => name);
    expect(names.filter((name) => /^(find|scan|limit|sweep):/.test(name))).toEqual([]);
  });

  test("asks a backend that cannot compare and swap for no parallel writers", async () => {
    await expect(testBackend(() => broken(compareThenSwap, "none"))).resolves.toBeUndefined();
  });

  test("names its cases apart", () => {
    const names = [...testBackend(() => createMemoryBackend())].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(40);
  });
});

function broken(
  change: (memory: Memory) => Partial<SessionBackend>,
  atomicity: SessionBackend["atomicity"] = "store",
): SessionBackend {
  const memory = createMemoryBackend();
  return { ...memory, atomicity, ...change(memory) };
}

function able(change: (memory: Memory) => SessionBackend["abilities"]): SessionBackend {
  const memory = createMemoryBackend();
  return { ...memory, abilities: { ...memory.abilities, ...change(memory) } };
}

function overwrite(memory: Memory): Partial<SessionBackend> {
  return {
    save: async (record) => {
      const deleted = await memory.delete(record.id);
      return deleted && memory.create(record);
    },
  };
}

/** Right one at a time, wrong beside others. */
function compareThenSwap(memory: Memory): Partial<SessionBackend> {
  return {
    save: async (record) => {
      const current = await memory.load(record.id);
      if (current?.revision === record.revision && current.writeId === record.writeId) return true;
      if (current?.revision !== record.revision - 1) return false;
      await memory.delete(record.id);
      await memory.create(record);
      return true;
    },
  };
}

function pageByOffset(memory: Memory): SessionBackend["abilities"] {
  return {
    scan: {
      scan: async ({ after = "0", limit }): Promise<RecordPage> => {
        const { records } = await memory.abilities.scan.scan({ limit: 1000 });
        const end = Number(after) + limit;
        const page: readonly SessionRecord[] = records.slice(Number(after), end);
        return end < records.length ? { records: page, next: String(end) } : { records: page };
      },
    },
  };
}

function countThenCreate(memory: Memory): SessionBackend["abilities"] {
  return {
    limit: {
      createWithin: async (record, { tenant, max }) => {
        const { records } = await memory.abilities.list.list({ tenant, limit: max });
        return records.length < max && memory.create(record);
      },
    },
  };
}

function lookThenDelete(memory: Memory): SessionBackend["abilities"] {
  return {
    sweep: {
      deleteExpired: async (now, limit) => {
        const { records } = await memory.abilities.scan.scan({ limit: 1000 });
        const over = records.filter(({ expiresAt }) => expiresAt <= now).slice(0, limit);
        for (const { id } of over) await memory.delete(id);
        return over.length;
      },
    },
  };
}
