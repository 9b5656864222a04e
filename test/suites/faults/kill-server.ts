import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { createPlace, type PlaceBackend } from "./place.js";
import { patience, scale } from "./scale.js";
import type { ServerUnderFault } from "./server-under-fault.js";

const writers = 12;

/** What is known of a record: what was acknowledged, and what was asked for and not answered. */
interface Fate {
  acknowledged: number;
  asked: number;
}

/** Revision of a record that is deleted. */
const deleted = Number.POSITIVE_INFINITY;

/** Kills a server under load, and starts it again: what it acknowledged is there. */
export function killServerFaults({ name, place, start }: ServerUnderFault): void {
  test(
    `${name} killed ${scale.serverKills} times under load loses nothing that it acknowledged`,
    async () => {
      const server = await start();
      onTestFinished(() => server.stop());
      const own = await createPlace(place, server.url);
      onTestFinished(() => own.close?.());
      const backend = withDeadline(own, 2000);
      let written = 0;
      for (let cycle = 0; cycle < scale.serverKills; cycle += 1) {
        const fates = new Map<string, Fate>();
        const load = Array.from({ length: writers }, (_, writer) =>
          write(backend, `${cycle}-${writer}`, fates),
        );
        await pause(200 + Math.random() * 300);
        await server.kill();
        await Promise.all(load);
        await server.restart();
        await expect.poll(() => backend.exists("any").catch(() => null), { timeout: 10_000 }).toBe(false);
        for (const [id, fate] of fates) await assertFate(backend, id, fate);
        written += fates.size;
      }
      expect(written).toBeGreaterThan(scale.serverKills * writers);
    },
    patience,
  );
}

/** Creates, saves and deletes records until the server is gone. */
async function write(backend: PlaceBackend, name: string, fates: Map<string, Fate>): Promise<void> {
  const run = crypto.randomUUID();
  for (let number = 0; ; number += 1) {
    const id = `${name}-${number}-${run}`;
    const fate: Fate = { acknowledged: 0, asked: 0 };
    fates.set(id, fate);
    const steps = [
      () => backend.create(recordOf(id, 1)),
      () => backend.save(recordOf(id, 2)),
      () => backend.save(recordOf(id, 3)),
    ];
    try {
      for (const [index, step] of steps.entries()) {
        fate.asked = index + 1;
        expect(await step()).toBe(true);
        fate.acknowledged = fate.asked;
      }
      if (number % 2 === 1) continue;
      fate.asked = deleted;
      expect(await backend.delete(id)).toBe(true);
      fate.acknowledged = deleted;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(unavailable|timeout)$/) });
      return;
    }
  }
}

async function assertFate(backend: PlaceBackend, id: string, { acknowledged, asked }: Fate): Promise<void> {
  const record = await backend.load(id);
  const revision = record?.revision ?? (asked === deleted ? deleted : 0);
  expect([acknowledged, asked], `revisions of ${id}`).toContain(revision);
  if (record === null) return;
  const { expiresAt: _time, ...expected } = recordOf(id, record.revision);
  expect({ ...record, data: Buffer.from(record.data) }).toMatchObject({
    ...expected,
    data: Buffer.from(expected.data),
  });
}

function recordOf(id: string, revision: number): SessionRecord {
  return {
    id,
    tenant: null,
    header: "1;json;-;-;0;session",
    data: dataOf(revision),
    revision,
    writeId: `${id}-${revision}`,
    createdAt: 0,
    expiresAt: Date.now() + 3_600_000,
    indexed: { userId: revision },
  };
}

function dataOf(revision: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ revision, filling: String(revision).repeat(500) }));
}
