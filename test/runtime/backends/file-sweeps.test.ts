import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createCachedBackend } from "../../../runtime/backends/cached.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { patience } from "../../suites/faults/scale.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { openOver } from "../fixture/open.js";

test(
  "sweeps that meet sessions on their way into place take all of such a one or nothing",
  async () => {
    const directory = join(temporaryFolder(), "raced");
    const [writer, ...sweepers] = Array.from({ length: 3 }, () => createFileBackend({ directory }));
    let isOver = false;
    const sweeping = sweepers.map(async ({ abilities }) => {
      while (!isOver) await abilities.sweep.deleteExpired(Date.now(), 1000);
    });
    const writing = Array.from({ length: 8 }, async (_, at) => {
      for (let count = 0; count < 50; count++) {
        const created = record(`${at}-${count}`);
        expect(await writer?.create(created)).toBe(true);
        expect(await writer?.load(created.id)).toEqual(created);
        await writer?.delete(created.id);
      }
    });
    const written = Promise.all(writing).finally(() => {
      isOver = true;
    });
    await Promise.all([written, ...sweeping]);
  },
  patience,
);

test("expired sessions far behind many others are deleted, though no call has the time to come to them", async () => {
  const directory = join(temporaryFolder(), "slow");
  const backend = createFileBackend({ directory });
  const cached = createCachedBackend({ cache: createMemoryBackend(), store: backend });
  const created = Array.from({ length: 40 }, (_, at) => {
    const limit = { tenant: String(at), max: 1, onLimit: "refuse" } as const;
    return backend.abilities.limit.createWithin(record(String(at)), limit);
  });
  await Promise.all(created);
  const last = (await backend.abilities.scan.scan({ limit: 1000 })).records.at(-1);
  await backend.touch(last?.id ?? "", 1, 1);
  const left = join(directory, "tenants", "records", "ff", "f".repeat(62));
  mkdirSync(left, { recursive: true });
  let time = 0;
  // Every look at the clock finds it later than any patience.
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (time += 10_000));
  expect(await openOver(cached).sessions.cleanupExpired()).toBe(1);
  expect(backend.abilities.sweep.isMidway?.()).toBe(false);
  clock.mockRestore();
  expect([await backend.exists(last?.id ?? ""), existsSync(left)]).toEqual([false, false]);
  expect(await backend.abilities.sweep.deleteExpired(Date.UTC(2200, 0, 1), 1000)).toBe(39);
});

function record(id: string): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const times = { createdAt: 0, expiresAt: Date.UTC(2100, 0, 1) };
  return { id, tenant: null, header: "1;json;-;-;x", data, revision: 1, writeId: "w", ...times, indexed: {} };
}
