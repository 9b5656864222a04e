import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabaseBackend } from "../../runtime/backends/database.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { type AdapterTrial, testAdapter } from "./adapter.js";
import type { AdapterUnderTest } from "./adapter-shop.js";
import { isNightly } from "./faults/scale.js";

/** The adapter suite on memory. */
export function testAdapterOnMemory(adapter: AdapterUnderTest, trial: AdapterTrial = {}): void {
  testAdapter(adapter, "memory", async (clock) => createMemoryBackend({ clock }), trial);
}

/** For an adapter that answers as Express or `fetch` does, which every run tries on both: on memory, and nightly on both too. */
export function testFurtherAdapter(adapter: AdapterUnderTest): void {
  if (isNightly) testAdapterOnEveryBackend(adapter);
  else testAdapterOnMemory(adapter);
}

/** The adapter suite on memory and on a SQLite file. */
export function testAdapterOnEveryBackend(adapter: AdapterUnderTest): void {
  testAdapterOnMemory(adapter);
  testAdapter(adapter, "SQLite", async () => {
    const folder = await mkdtemp(join(tmpdir(), "session-gen-"));
    const backend = createDatabaseBackend({
      dialect: "sqlite",
      url: join(folder, "sessions.sqlite"),
      columns: { userId: { column: "user_id", type: "integer" } },
    });
    await backend.createTable();
    return {
      ...backend,
      close: async () => {
        await backend.close?.();
        await rm(folder, { recursive: true });
      },
    };
  });
}
