import { fakeClock } from "@session-gen/runtime/testing";
import { expect, test } from "vitest";
import type { SessionBackend } from "../../../runtime/backends/backend.js";
import { type BackendMethod, surround } from "../../../runtime/layers/layer.js";
import { cookieHeader, type Opened, openOver, stored } from "../../runtime/fixture/open.js";
import { inRooms } from "./in-parallel.js";
import { patience, scale } from "./scale.js";

/** The calls of a rotation. */
const steps = {
  grace: ["create", "save", "touch", "exists"],
  byChange: ["create", "save", "touch", "save"],
} as const;

interface Crash {
  readonly how: keyof typeof steps;
  /** The first call that the process does not survive. */
  readonly step: number;
  /** Whether the backend still does what that call asks. */
  readonly isDone: boolean;
}

const crashes: readonly Crash[] = (["grace", "byChange"] as const).flatMap((how) =>
  [0, 1, 2, 3].flatMap((step) => [true, false].map((isDone) => ({ how, step, isDone }))),
);

/** Rotations that end with the process, between any two of their steps. */
export function crashFaults(name: string, make: () => SessionBackend | Promise<SessionBackend>): void {
  test(
    `${name}: ${scale.rotations} rotations that die between two steps leave a key that works, and one session`,
    async () => {
      const open = async (): Promise<SessionBackend> => make();
      const faults = await inRooms({ count: scale.rotations, atOnce: 8, open }, async (backend, round) => {
        const crash = crashes[round % crashes.length];
        return crash && rotateAndDie(backend, crash, 7_000_000 + 2 * round);
      });
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
    },
    patience,
  );
}

/** `null`, or what is wrong. */
async function rotateAndDie(
  place: SessionBackend,
  { how, step, isDone }: Crash,
  userId: number,
): Promise<string | null> {
  const calls: BackendMethod[] = [];
  let isRotating = false;
  const dying = surround(place, async (method, call, options) => {
    if (!isRotating) return call(options);
    calls.push(method);
    if (calls.length <= step) return call(options);
    if (isDone && calls.length === step + 1) await call(options);
    throw new Error("crash");
  });
  const expiry = { idle: "6h", touchAfter: "5h" } as const;
  const clock = fakeClock(Date.now());
  const { sessions } = openOver(dying, { expiry, clock });
  const key = await stored(sessions, { userId, visits: 5 });
  clock.advance("1h");
  const session = await sessions.fromCookie(cookieHeader(key));
  isRotating = true;
  if (how === "byChange") session.userId = userId + 1;
  await sessions.commit(session).catch(() => {});
  isRotating = false;
  clock.advance(10);
  const keys = [...new Set([key, session.key ?? key])];
  const alive = await Promise.all(keys.map((one) => sessions.exists(one)));
  // The new key counts where the old one is given up in the last step of all: only the response was missing.
  const isLast = how === "byChange" && step === 3 && isDone;
  const works = isLast ? alive.includes(true) : alive[0] === true;
  clock.advance(51);
  const found = isSearched(sessions)
    ? (await sessions.count({ userId })) + (await sessions.count({ userId: userId + 1 }))
    : 1;
  if (works && found <= 1 && calls.length > step) return null;
  return `${how}, dead in call ${step} (done: ${isDone}) of ${calls}: keys ${alive}, found ${found}`;
}

/** Whether sessions can be counted: not those in a cache. */
function isSearched(sessions: object): sessions is Pick<Opened["sessions"], "count"> {
  return "count" in sessions;
}
