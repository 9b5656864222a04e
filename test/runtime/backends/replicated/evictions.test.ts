import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { createReplicatedBackend } from "../../../../runtime/backends/replicated.js";
import type { SessionRecord } from "../../../../runtime/types/backend.js";

const room = { tenant: "full", max: 1, onLimit: "oldest" } as const;

function recordOf(id: string, createdAt: number): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const times = { createdAt, expiresAt: Date.now() + 3_600_000 };
  return {
    id,
    tenant: "full",
    header: "1;json;-;-;x",
    indexed: {},
    data,
    revision: 1,
    writeId: id,
    ...times,
  };
}

test("whom a full tenant loses is told, though a copy that was on its way has cleared the primary first", async () => {
  const primary = createMemoryBackend();
  const backend = createReplicatedBackend({
    primary: {
      ...primary,
      // Settling finds the tombstone on the secondary, and acts on it just before the eviction does.
      delete: async (id) => {
        await primary.delete(id);
        return primary.delete(id);
      },
    },
    secondary: createMemoryBackend(),
  });
  const told: string[] = [];
  backend.onEviction?.(({ id }) => told.push(id));
  const limit = backend.abilities.limit;
  expect(await limit?.createWithin(recordOf("first", 1), room)).toBe(true);
  expect(await limit?.createWithin(recordOf("second", 2), room)).toBe(true);
  expect(told).toEqual(["first"]);
  expect(await primary.load("first")).toBeNull();
  await backend.close();
});
