import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionRecord } from "../../../../runtime/types/backend.js";
import { nextOf, recordAt } from "../cached/places.js";
import { type Faults, FlakyWorld, type Process, type WorldOptions } from "./flaky-world.js";

const schedules = process.env["SESSION_TEST_SCALE"] === "nightly" ? 3000 : 12;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What three processes were told about one session. */
interface History {
  /** The highest revision that anyone was told to be written. */
  written: number;
  /** Whether anyone was told that it is deleted. */
  isDeleted: boolean;
  isDeletionAsked: boolean;
  readonly revived: string[];
}

type Action = "load" | "save" | "touch" | "delete";

/** What a process does with the session, and what it is told. */
async function act(process: Process, action: Action, history: History): Promise<void> {
  const { backend } = process;
  const wasDeleted = history.isDeleted;
  if (action === "delete") {
    history.isDeletionAsked = true;
    await backend.delete("one");
    if (!process.isDead) history.isDeleted = true;
    return;
  }
  const found = await backend.load("one");
  if (process.isDead || found === null) return;
  if (wasDeleted) history.revived.push("read");
  if (action === "load") return;
  const deletedBefore = history.isDeleted;
  const next = nextOf(found);
  const isWritten = await (action === "save"
    ? backend.save(next)
    : backend.touch("one", found.revision, found.expiresAt + 1));
  if (!isWritten || process.isDead) return;
  if (deletedBefore) history.revived.push("written");
  if (action === "save") history.written = Math.max(history.written, next.revision);
}

/** Three processes over two sides for a while, and what is left when all is well again. */
async function play(options: WorldOptions) {
  const { random } = options;
  vi.spyOn(Math, "random").mockImplementation(random);
  const world = new FlakyWorld(options);
  const history: History = { written: 1, isDeleted: false, isDeletionAsked: false, revived: [] };
  await world.answerOf(world.processes[0]?.backend.create(recordAt(Date.now())) ?? Promise.reject());
  for (const { backend } of world.processes) await world.answerOf(backend.load("one"));
  await world.calm(200);
  const restore = await world.backUp();
  let acting = 0;
  for (let time = 0; time < 80; time += 1) {
    if (options.faults.isSetBack && time === 40) {
      await world.calm(numberRaised);
      await restore();
    }
    const chance = random();
    const process = world.processes[Math.floor(random() * 3)];
    if (chance > 0.3 || process === undefined) await world.step();
    else if (chance > 0.24) world.strike();
    else if (acting < 4) {
      const action = (["load", "save", "touch"] as const)[Math.floor(chance / 0.07)] ?? "delete";
      acting += 1;
      void act(process, action, history)
        .catch(() => {})
        .finally(() => {
          acting -= 1;
        });
    }
  }
  await world.calm(options.faults.isSetBack ? noticed : undefined);
  const reads: (SessionRecord | null)[] = [];
  for (const { backend } of world.processes) reads.push(await world.answerOf(backend.load("one")));
  const left = await Promise.all([world.sides.primary.load("one"), world.sides.secondary.load("one")]);
  const waiting = world.processes.reduce((sum, { backend }) => sum + backend.replication.size, 0);
  world.end();
  return { history, reads, left: left.map(contentOf), waiting };
}

function contentOf(record: SessionRecord | null): object | null {
  return record === null || record.header === "tombstone" ? null : { ...record, data: [...record.data] };
}

/** A reproducible `Math.random` (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const faults: Readonly<Record<string, Faults>> = {
  "sides that are slow": { failing: [], crashes: false },
  "a failing secondary": { failing: ["secondary"], crashes: false },
  "a failing primary": { failing: ["primary"], crashes: false },
  "a failing secondary and processes that die": { failing: ["secondary"], crashes: true },
  "a failing primary and processes that die": { failing: ["primary"], crashes: true },
  "a primary that is set back": { failing: [], crashes: false, isSetBack: true },
  "a primary that is set back, and a failing secondary": {
    failing: ["secondary"],
    crashes: false,
    isSetBack: true,
  },
  "both failing": { failing: ["primary", "secondary"], crashes: false },
};

/** What is promised at every moment; where both sides fail, or take writes, or one is set back, only for the time after. */
function isAlwaysFinal({ failover, faults: { failing, isSetBack } }: WorldOptions): boolean {
  return failover === "read" && failing.length < 2 && !isSetBack;
}

/** Milliseconds in which both sides are sure to get a higher number; and until a lower one is seen and all is well again. */
const numberRaised = 6500;
const noticed = 12_000;

describe.each(["async", "sync", "acknowledged"] as const)("three processes, %s", (mode) => {
  describe.each(["read", "write"] as const)('failover "%s"', (failover) => {
    test.each(Object.entries(faults))(
      "%s: a deleted session stays deleted, and no difference is left 5 s after healing",
      async (_, some) => {
        // These have many seconds each.
        const count = some.isSetBack ? Math.min(schedules, 1000) : schedules;
        for (let seed = 1; seed <= count; seed += 1) {
          const options = { mode, failover, faults: some, random: createRandom(seed) };
          const { history, reads, left, waiting } = await play(options);
          const told = `schedule ${seed}`;
          if (isAlwaysFinal(options)) expect(history.revived, told).toEqual([]);
          if (history.isDeleted) expect(reads, told).toEqual([null, null, null]);
          if (failover === "read" && !history.isDeletionAsked)
            for (const read of reads) expect(read?.revision, told).toBeGreaterThanOrEqual(history.written);
          if (some.crashes) continue;
          expect(waiting, told).toBe(0);
          expect(left[0], told).toEqual(left[1]);
        }
      },
      60_000 + schedules * 100,
    );
  });
});
