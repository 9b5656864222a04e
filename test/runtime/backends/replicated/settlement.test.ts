import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { Settlement } from "../../../../runtime/backends/replicated/settlement.js";
import { Side } from "../../../../runtime/backends/replicated/side.js";
import { recordAt } from "../cached/places.js";

test("two that follow different sides in step come to one expiry, the later one", async () => {
  const record = recordAt(Date.now());
  const open = (name: string): Side =>
    new Side({ name, backend: createMemoryBackend(), patience: 1000, onRecovery: () => {} });
  const [primary, secondary] = [open("primary"), open("secondary")];
  await primary.backend.create({ ...record, expiresAt: record.expiresAt + 1 });
  await secondary.backend.create({ ...record, expiresAt: record.expiresAt + 2 });
  const settle = (expiryOf: "primary" | "secondary"): Promise<void> =>
    new Settlement({ primary, secondary, byWriteId: true, absolute: 1000, clock: Date.now }).settle({
      id: record.id,
      known: null,
      expiryOf,
    });
  await Promise.all([settle("primary"), settle("secondary")]);
  for (const { backend } of [primary, secondary])
    expect((await backend.load(record.id))?.expiresAt).toBe(record.expiresAt + 2);
});
