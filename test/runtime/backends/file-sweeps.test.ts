import { join } from "node:path";
import { expect, test } from "vitest";
import type { SessionRecord } from "../../../runtime/backends/backend.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { patience } from "../../suites/faults/scale.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";

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

function record(id: string): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const times = { createdAt: 0, expiresAt: Date.UTC(2100, 0, 1) };
  return { id, tenant: null, header: "1;json;-;-;x", data, revision: 1, writeId: "w", ...times, indexed: {} };
}
