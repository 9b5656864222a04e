import { surround } from "../../../runtime/backends/layer.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { SessionError, type SessionsOptions } from "../../../runtime/index.js";
import { fakeClock } from "../../../runtime/testing/clock.js";
import type { PlaceBackend } from "../faults/place.js";
import { openTenants } from "../tenant-shop.js";
import { doing } from "./deeds.js";
import { interrupt, Sleepers } from "./interrupt.js";
import type { Step } from "./storm-plan.js";
import { type ShopOfTenant, Witness } from "./witness.js";

const options: SessionsOptions = {
  expiry: { idle: "6h", touchAfter: "5h" },
  rotation: { every: "1m", onChange: ["userId"] },
  // Nothing takes so long but who sleeps.
  deadline: "10h",
};

/**
 * Carries out a storm in memory. Throws with everything that should not be: two keys of two sessions or none, an old key that
 * opens anything, a lost or repeated visit, an ended session, a search or a tenant's room that says something else than
 * the keys.
 */
export async function runStorm(steps: readonly Step[]): Promise<void> {
  const clock = fakeClock(Date.now());
  const memory = createMemoryBackend({ clock });
  const open = (backend: PlaceBackend) => openTenants(backend, { maxSessions: 50 }, { ...options, clock });
  // As other processes would reach it.
  const calm = open(surround(memory, (_method, call, callOptions) => call(callOptions))).forTenant("a");
  const witness = new Witness(calm);
  const first = calm.create({ userId: 1 });
  witness.learn(await first.ensureKey());
  const sleepers = new Sleepers();
  for (const [number, { deed, key, fate, seconds, wakes }] of steps.entries()) {
    const backend = interrupt(memory, fate, sleepers);
    const sessions = open(backend);
    const own = witness.keys[key % witness.keys.length] ?? "";
    const scene = { key: own, backend, sessions, shop: sessions.forTenant("a"), calm, witness };
    await settled(doing[deed](scene).catch((error: unknown) => noteUnexpected(witness, deed, error)));
    if (seconds > 0) clock.advance(seconds);
    if (!wakes) continue;
    sleepers.wake();
    await settled();
    await witness.look(`after step ${number}`);
  }
  sleepers.wake();
  await settled();
  for (const seconds of [0.001, 11, 61, 310]) {
    clock.advance(seconds);
    await witness.look(`${seconds} s later`);
  }
  const room = (await memory.abilities.list.list({ tenant: "a", limit: 99 })).records;
  await judge({ witness, calm, steps, room: room.filter(({ expiresAt }) => expiresAt > clock()).length });
}

function noteUnexpected({ faults }: Witness, deed: string, error: unknown): void {
  const isExpected = error instanceof SessionError && /^(gone|unavailable)$/.test(error.code);
  if (!isExpected) faults.push(`${deed} failed: ${String(error)}`);
}

interface End {
  readonly witness: Witness;
  readonly calm: ShopOfTenant;
  readonly steps: readonly Step[];
  /** What the tenant's room is taken by. */
  readonly room: number;
}

async function judge({ witness, calm, steps, room }: End): Promise<void> {
  const usable = await witness.look("in the end");
  const counts = [await calm.count(), room];
  let ofUsers = 0;
  for (let userId = 1; userId <= witness.users; userId += 1) ofUsers += await calm.count({ userId });
  counts.push(ofUsers);
  if (!mayBeUnheard(steps, usable, counts)) {
    if (counts.some((count) => count !== usable)) witness.faults.push(`${counts} for ${usable} usable`);
    if (!witness.mayBeOver && usable === 0) witness.faults.push("no key works");
  }
  if (witness.faults.length > 0) throw new Error(witness.faults.join("; "));
}

/** Where a process died that had changed a key, or one that was removing what another one was changing. */
function mayBeUnheard(steps: readonly Step[], usable: number, counts: readonly number[]): boolean {
  const dead = steps
    .filter(({ fate }) => fate?.how === "dies" || fate?.how === "fails")
    .map(({ deed }) => deed);
  const isKeyLost = steps.some(
    ({ deed, fate }) => fate?.how === "dies" && fate.isDone && /^(cycle|log in|request)$/.test(deed),
  );
  const isRevocation = dead.length > 1 && dead.some((deed) => /^revoke (user|all)$/.test(deed));
  return usable === 0 && (isKeyLost || isRevocation) && counts.every((count) => count <= 1);
}

/** Has everybody go on until that has come to an end, or stops. */
async function settled(work?: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work?.then(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 100 && !isOver; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
