import { expect, test } from "vitest";
import { createMemoryBackend, type MemoryAbilities } from "../../runtime/backends/memory.js";
import type { SessionBackend, SessionRecord } from "../../runtime/index.js";
import { findFault } from "../suites/model/model.js";

type Memory = SessionBackend<MemoryAbilities>;

/** Writes whatever is there, as a plain SET does. */
async function put(memory: Memory, record: SessionRecord): Promise<boolean> {
  await memory.delete(record.id);
  return memory.create(record);
}

/** Memory with one promise of the contract broken. */
const broken: Readonly<Record<string, (memory: Memory) => Partial<Memory>>> = {
  "a save that also creates": (memory) => ({
    save: async (record) => ((await memory.exists(record.id)) ? memory.save(record) : memory.create(record)),
  }),
  "a save that does not compare": (memory) => ({
    save: async (record) => (await memory.exists(record.id)) && put(memory, record),
  }),
  "a save that is a plain write": (memory) => ({ save: (record) => put(memory, record) }),
  "a save that says yes to everything": (memory) => ({
    save: async (record) => {
      await memory.save(record);
      return true;
    },
  }),
  "a deletion that is only promised": () => ({ delete: async () => true }),
  "a touch that writes back what it read before": (memory) => ({
    touch: async (id, revision, expiresAt) => {
      const read = await memory.load(id);
      if (read?.revision !== revision) return false;
      await new Promise((resolve) => setImmediate(resolve));
      return put(memory, { ...read, expiresAt });
    },
  }),
  "a search that finds nothing": ({ abilities }) => ({
    abilities: { ...abilities, find: { find: async () => ({ records: [] }) } },
  }),
};

/** Nothing of what the model says elsewhere means anything unless it complains here. */
test.each(Object.keys(broken))("the model finds %s", async (name) => {
  const make = (): Memory => {
    const memory = createMemoryBackend();
    return { ...memory, ...broken[name]?.(memory) };
  };
  const fault = await findFault(make, 3000, 1);
  expect(fault).toMatch(/lost|sum|replaced|usable|after its end|stored|twice|no key/);
});

test("the model finds nothing in memory that is whole", async () => {
  expect(await findFault(createMemoryBackend, 500, 1)).toBeNull();
});
