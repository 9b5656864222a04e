import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { surround } from "../../../runtime/backends/layer.js";
import { cookieHeader, openOver, stored } from "../fixture/open.js";

type Rival = "old key" | "logout" | "revocation";

interface Pause {
  readonly scheduler: fc.Scheduler;
  readonly rivals: readonly Rival[];
  /** The call of the change of key that is held back. */
  readonly held: number;
  readonly isLogin: boolean;
}

/** What was said to whom, and what the keys open in the end. */
interface Outcome {
  readonly isAcknowledged: boolean;
  readonly isLoggedOut: boolean;
  readonly isRevoked: boolean;
  /** Which keys open a session, and whose. */
  readonly open: readonly (readonly [key: "old" | "new", userId: number | undefined])[];
}

const expiry = { idle: "3h", touchAfter: "1h" } as const;

/** A process changes a key and stops for so long that others take it for dead, who then go on beside it. */
async function pause(
  { scheduler, rivals, held, isLogin }: Pause,
  waits: readonly number[],
): Promise<Outcome> {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let calls = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  const backend = surround(createMemoryBackend(), async (method, call, options) => {
    calls += 1;
    if (calls === held) await released;
    if (isScheduled) await scheduler.schedule(Promise.resolve(), method);
    const answer = await call(options);
    if (isScheduled) await scheduler.schedule(Promise.resolve(), `${method} answered`);
    return answer;
  });
  const { sessions, clock } = openOver(backend, { expiry, deadline: "1h" });
  const old = await stored(sessions, { userId: 1, visits: 5 });
  const session = await sessions.fromCookie(cookieHeader(old));
  calls = 0;
  if (isLogin) session.userId = 2;
  const said = { isAcknowledged: false, isLoggedOut: false, isRevoked: false };
  const work = (isLogin ? session.save() : session.cycleKey()).then(
    () => {
      said.isAcknowledged = true;
    },
    (error: unknown) => expect(error).toMatchObject({ code: "gone" }),
  );
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  expect(calls).toBe(held);
  clock.advance(11);
  isScheduled = true;
  release();
  const others = rivals.map(async (rival) => {
    if (rival === "old key") await sessions.load(old);
    else if (rival === "logout") said.isLoggedOut = (await sessions.delete(old)) || said.isLoggedOut;
    else said.isRevoked = (await sessions.revoke({ userId: 1 })) > 0 || said.isRevoked;
  });
  await scheduler.waitFor(Promise.all([work, ...others]));
  isScheduled = false;
  for (const seconds of waits) clock.advance(seconds);
  const open: (readonly [key: "old" | "new", userId: number | undefined])[] = [];
  for (const key of new Set([old, session.key ?? old])) {
    const found = await sessions.load(key);
    if (found !== null) open.push([key === old ? "old" : "new", found.userId]);
  }
  return { ...said, open };
}

/** A login that came through made it the session of another user: the revocation may have met it before, or not. */
function allowed(
  { isAcknowledged, isLoggedOut, isRevoked }: Outcome,
  isLogin: boolean,
): readonly Outcome["open"][] {
  const open: Outcome["open"] = isAcknowledged ? [["new", isLogin ? 2 : 1]] : [["old", 1]];
  if (isLoggedOut) return [[]];
  if (!isRevoked) return [open];
  return isLogin && isAcknowledged ? [[], open] : [[]];
}

const rivals = fc.array(fc.constantFrom<Rival>("old key", "old key", "logout", "revocation"), {
  minLength: 1,
  maxLength: 3,
});

const pauses = fc.record({
  scheduler: fc.scheduler(),
  rivals,
  held: fc.constantFrom(3, 4),
  isLogin: fc.boolean(),
});

test.each([0.001, 11, 61, 300])(
  "a process that goes on after a pause, while the old key comes back, leaves one key that works (%d s later)",
  async (seconds) => {
    const property = fc.asyncProperty(pauses, async (given) => {
      const outcome = await pause(given, [seconds]);
      expect(allowed(outcome, given.isLogin)).toContainEqual(outcome.open);
    });
    await fc.assert(property, { numRuns: 200 });
  },
  60_000,
);
