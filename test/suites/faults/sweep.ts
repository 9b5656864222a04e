import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { passOnMidway } from "../../../runtime/backends/layer.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { mustLoad, type Opened, openOver, stored } from "../../runtime/fixture/open.js";
import { aMoment, inParallel } from "./in-parallel.js";
import type { PlaceAbilities, PlaceBackend } from "./place.js";
import { isNightly, patience, scale } from "./scale.js";

const clients = 8;

/**
 * In the quick run there are few requests while a sweep lasts, on a machine that does other things too: there only a
 * sweep that holds up the others for long is seen. In full the factor is what counts.
 */
const floorMilliseconds = isNightly ? 5 : 250;

export interface SweepOptions {
  /** How much of the usual number of records there is: for a place that is slow to fill. */
  readonly share?: number;
}

/** Expired sessions by the thousand are swept while the live ones are in use. */
export function sweepFaults(
  name: string,
  make: () => PlaceBackend | Promise<PlaceBackend>,
  { share = 1 }: SweepOptions = {},
): void {
  const [expiredRows, liveRows] = [scale.expiredRows * share, scale.liveRows * share];
  test(
    `${name}: ${expiredRows} expired among ${liveRows} live are swept, and live requests keep their p99 within 2x`,
    async () => {
      const place = await make();
      const { backend, turns } = inTurns(place);
      const { sessions } = openOver(backend, { clock: Date.now, deadline: "20s" });
      const keys = await inParallel(liveRows, 32, () => stored(sessions, { userId: 1, visits: 0 }));
      const run = crypto.randomUUID();
      await inParallel(expiredRows, 32, (number) => backend.create(expiredRecord(run, number)));
      const busy = traffic(sessions, keys, expect.soft);
      const swept = sessions.cleanupExpired();
      const { quiet, during } = await busy.until(turns(busy, swept));
      // Memory collects what has expired on its own too.
      expect(await swept).toBeGreaterThanOrEqual(place.place === "memory" ? 0 : expiredRows);
      // What earlier tests left may expire meanwhile, so that another sweep finds something.
      const samples = Math.ceil(expiredRows / 100);
      const left = await inParallel(samples, 32, (number) => backend.exists(`${run}-${100 * number}`));
      expect(left).not.toContain(true);
      expect(await sessions.count({ userId: 1 })).toBeGreaterThanOrEqual(liveRows);
      const [still, sweeping] = [percentile99(quiet), percentile99(during)];
      console.info(
        `${name}: p99 ${still.toFixed(1)} ms of ${quiet.length}, and ${sweeping.toFixed(1)} ms of ${during.length} while sweeping`,
      );
      expect(sweeping).toBeLessThan(Math.max(2 * still, floorMilliseconds));
    },
    patience,
  );
}

function expiredRecord(run: string, number: number): SessionRecord {
  const now = Date.now();
  return {
    id: `${run}-${number}`,
    tenant: null,
    header: "1;json;-;-;3395ceac559d3fe8;session",
    data: new TextEncoder().encode('{"meta":{"writes":"12345678"},"fields":{"userId":2}}'),
    revision: 1,
    writeId: `w${number}`,
    createdAt: now - 7_200_000,
    expiresAt: now - 60_000 - number,
    indexed: { userId: 2 },
  };
}

type Phase = "quiet" | "during";

/**
 * A backend whose sweep stands still every other second, so that requests with and without one meet the same machine:
 * what else that does changes from second to second. `turns` resolves when the sweep is over, after a last quiet second.
 */
function inTurns(place: PlaceBackend) {
  const { sweep } = place.abilities;
  let mayGoOn = Promise.resolve();
  let running: Promise<unknown> = Promise.resolve();
  const deleteExpired: typeof sweep.deleteExpired = async (...args) => {
    await mayGoOn;
    const deleting = sweep.deleteExpired(...args);
    running = deleting.catch(() => {});
    return deleting;
  };
  const backend: PlaceBackend = {
    ...place,
    abilities: { ...place.abilities, sweep: { deleteExpired, ...passOnMidway(sweep) } },
  };
  const turns = async (requests: { phase: Phase | null }, swept: Promise<unknown>): Promise<void> => {
    let isOver = false;
    const end = swept.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      requests.phase = "during";
      await Promise.race([end, pause(1000)]);
      requests.phase = null;
      let goOn = (): void => {};
      mayGoOn = new Promise((resolve) => {
        goOn = resolve;
      });
      await running;
      requests.phase = "quiet";
      await pause(1000);
      requests.phase = null;
      goOn();
    }
  };
  return { backend, turns };
}

type LiveSessions = Opened<PlaceAbilities>["sessions"];

/** Requests of eight clients, each of which loads a session, changes it and saves it; how long each took, in milliseconds, by phase. */
function traffic(sessions: LiveSessions, keys: readonly string[], check: typeof expect.soft) {
  const durations: Record<Phase, number[]> = { quiet: [], during: [] };
  const requests: { phase: Phase | null } = { phase: null };
  let isOver = false;
  const request = async (): Promise<void> => {
    const start = performance.now();
    const { phase } = requests;
    const session = await mustLoad(sessions, keys[Math.floor(Math.random() * keys.length)] ?? "");
    session.score = start;
    await session.save();
    if (phase !== null && phase === requests.phase) durations[phase].push(performance.now() - start);
  };
  const client = async (): Promise<void> => {
    while (!isOver) {
      await request().catch((error: unknown) => check(error).toBe("no failure"));
      await aMoment(4);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  return Object.assign(requests, {
    async until(end: Promise<unknown>): Promise<typeof durations> {
      await end.catch(() => {});
      isOver = true;
      await running;
      return durations;
    },
  });
}

function percentile99(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}
