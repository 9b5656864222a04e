import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { Settlement } from "../../../../runtime/backends/replicated/settlement.js";
import { Side } from "../../../../runtime/backends/replicated/side.js";
import type { SessionBackend } from "../../../../runtime/types/backend.js";
import { nextOf, recordAt } from "../cached/places.js";

test("two that follow different sides in step come to one expiry, the later one", async () => {
  const record = recordAt(Date.now());
  const primary = sideOf("primary", createMemoryBackend());
  const secondary = sideOf("secondary", createMemoryBackend());
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

test("what is over is not copied to where nothing is, but goes over an older copy that would outlive it", async () => {
  const primary = sideOf("primary", createMemoryBackend({ clock: () => 0 }));
  const secondary = sideOf("secondary", createMemoryBackend({ clock: () => 0 }));
  const older = recordAt(Date.now());
  const over = { ...nextOf(older), expiresAt: Date.now() - 1 };
  const options = { primary, secondary, byWriteId: false, absolute: 1000, clock: Date.now };
  const settle = () => new Settlement(options).settle({ id: older.id, known: null, expiryOf: "primary" });
  await primary.backend.create(older);
  await primary.backend.save(over);
  await settle();
  expect(await secondary.backend.exists(older.id)).toBe(false);
  await secondary.backend.create(older);
  await settle();
  expect(await secondary.backend.load(older.id)).toEqual(over);
});

function sideOf(name: string, backend: SessionBackend): Side {
  return new Side({ name, backend, patience: 1000, onRecovery: () => {} });
}
