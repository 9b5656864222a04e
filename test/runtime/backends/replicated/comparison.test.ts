import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import { Comparison } from "../../../../runtime/backends/replicated/comparison.js";
import { Settlement } from "../../../../runtime/backends/replicated/settlement.js";
import { Side } from "../../../../runtime/backends/replicated/side.js";

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await null;
}

/** How often the primary, which is the last, was walked over when another comparison was asked for so many turns after its first walk began. */
async function walksWhenAskedAfter(turn: number): Promise<number> {
  let walks = 0;
  const memory = createMemoryBackend();
  const scanned: typeof memory = {
    ...memory,
    abilities: {
      ...memory.abilities,
      scan: {
        scan: (query) => {
          walks += 1;
          if (walks === 1) void turns(turn).then(() => comparison.start());
          return memory.abilities.scan.scan(query);
        },
      },
    },
  };
  const options = { patience: 1000, onRecovery: () => undefined };
  const primary = new Side({ ...options, name: "primary", backend: scanned });
  const secondary = new Side({ ...options, name: "secondary", backend: createMemoryBackend() });
  const comparison: Comparison = new Comparison({
    primary,
    secondary,
    settlement: new Settlement({ primary, secondary, byWriteId: false, clock: () => 0, absolute: 1000 }),
    claimOf: (id) => ({ id, known: null, expiryOf: "primary" }),
    postpone: () => undefined,
  });
  comparison.start();
  await turns(400);
  expect(comparison.isRunning).toBe(false);
  await Promise.all([primary.close(), secondary.close()]);
  return walks;
}

test("a comparison that is asked for while one ends is made, in whichever turn that is", async () => {
  for (let turn = 0; turn < 40; turn += 1) expect(await walksWhenAskedAfter(turn), `turn ${turn}`).toBe(2);
});
