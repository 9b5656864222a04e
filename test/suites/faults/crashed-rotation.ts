import { type FakeClock, fakeClock } from "@session-gen/runtime/testing";
import { type BackendMethod, surround } from "../../../runtime/backends/layer.js";
import type { SessionBackend } from "../../../runtime/types/backend.js";
import type { Session } from "../../runtime/fixture/generated/index.js";
import { cookieHeader, cookieOf, type Opened, openOver, stored } from "../../runtime/fixture/open.js";

/** The calls of a change of key: of one that is due, one by hand, and one by a login. */
export const rotationCalls = {
  periodic: ["create", "save", "touch", "save"],
  byHand: ["create", "save", "touch", "save"],
  byLogin: ["create", "save", "touch", "save"],
} as const satisfies Readonly<Record<string, readonly BackendMethod[]>>;

export type How = keyof typeof rotationCalls;

/** Where a change of key comes to an end. */
export interface Crash {
  readonly how: How;
  /** The number of the call, from 0. */
  readonly step: number;
  /** Whether the backend still does what that call asks. */
  readonly isDone: boolean;
  /** Whether the process ends there; otherwise only that call fails, and the client is sent an answer. */
  readonly isDeath: boolean;
}

const ways: readonly How[] = ["periodic", "byHand", "byLogin"];
const both = [true, false] as const;

export const crashes: readonly Crash[] = ways.flatMap((how) =>
  [...rotationCalls[how].keys()].flatMap((step) =>
    both.flatMap((isDone) => both.map((isDeath) => ({ how, step, isDone, isDeath }))),
  ),
);

/** What a crash has left, seen by another process. */
export interface Crashed {
  readonly sessions: Opened["sessions"];
  readonly clock: FakeClock;
  readonly userId: number;
  /** The key that the client came with. */
  readonly old: string;
  /** The key that the client has now. */
  readonly sent: string;
  /** Every key that anybody was told. */
  readonly keys: readonly string[];
  /** The handles that a list of the user's sessions showed right after the crash. */
  readonly handles: readonly string[];
  readonly calls: readonly BackendMethod[];
}

/** Idle life is six hours: nothing but a change of key writes. */
const expiry = { idle: "6h", touchAfter: "5h" } as const;

/** Changes the key of a new session of a user, and has that come to an end. */
export async function crashRotation(
  place: SessionBackend,
  { how, step, isDone, isDeath }: Crash,
  userId: number,
): Promise<Crashed> {
  const calls: BackendMethod[] = [];
  let isRotating = false;
  const dying = surround(place, async (method, call, options) => {
    if (!isRotating) return call(options);
    const isFailing = isDeath ? calls.length >= step : calls.length === step;
    calls.push(method);
    if (!isFailing) return call(options);
    if (isDone && calls.length === step + 1) await call(options);
    throw new Error("crash");
  });
  const clock = fakeClock(Date.now());
  const opened = openOver(dying, { expiry, clock });
  const sessions: Opened["sessions"] = opened.sessions as Opened["sessions"];
  const old = await stored(sessions, { userId, visits: 5 });
  clock.advance("1h");
  const session = await sessions.fromCookie(cookieHeader(old));
  isRotating = true;
  const headers = await rotate(sessions, session, how).catch(() =>
    isDeath ? [] : sessions.commitNow(session, { status: 503, failed: true }),
  );
  isRotating = false;
  const sent = /=([^;]+)/.exec(cookieOf(await headers) ?? "")?.[1] ?? old;
  const keys = [...new Set([old, session.key ?? old])];
  const handles = isSearched(sessions) ? await shownHandles(sessions, userId) : [];
  return { sessions, clock, userId, old, sent, keys, handles, calls };
}

async function rotate(sessions: Opened["sessions"], session: Session, how: How) {
  if (how === "byLogin") session.userId = (session.userId ?? 0) + 1;
  if (how === "byHand") await session.cycleKey();
  return sessions.commit(session);
}

async function shownHandles(sessions: Opened["sessions"], userId: number): Promise<readonly string[]> {
  const handles: string[] = [];
  for (const id of [userId, userId + 1])
    for await (const { handle } of sessions.find({ userId: id })) handles.push(handle);
  return handles;
}

/** `null`, or what is wrong so many seconds after a crash. */
export async function judgeCrash(crash: Crash, crashed: Crashed, seconds: number): Promise<string | null> {
  const { sessions, clock, userId, old, sent, keys, calls } = crashed;
  const expected = rotationCalls[crash.how].slice(0, crash.step + 1);
  if (String(calls.slice(0, crash.step + 1)) !== String(expected)) return `the calls were ${calls}`;
  clock.advance(seconds);
  const isOpen = await sessions.exists(sent);
  // Whoever comes first with the old key may have undone the change.
  const found = await openAll(sessions, keys);
  const isNone = found.size === 0;
  const isEarly = mayBeNone(crash, seconds);
  if (isNone && isEarly) return null;
  const faults: string[] = [];
  if (isNone) faults.push("no key works");
  if (new Set([...found.values()].map(({ handle }) => handle)).size > 1)
    faults.push("two sessions are usable");
  if (!isOpen && !isEarly && !isUnheard(crash)) faults.push("the client's key does not work");
  if (found.get(old) !== undefined && found.get(old)?.userId !== userId)
    faults.push("the old key opens what the login wrote");
  if ([...found.values()].some(({ visits }) => visits !== 5)) faults.push("data is lost");
  if (isSearched(sessions) && seconds > 60) {
    const count = (await sessions.count({ userId })) + (await sessions.count({ userId: userId + 1 }));
    if (count !== 1) faults.push(`${count} sessions are found`);
  }
  return faults.length === 0 ? null : faults.join(", ");
}

/** Without grace the old key opens nothing until it is known whether the change is still being made. */
function mayBeNone({ how, step, isDone }: Crash, seconds: number): boolean {
  const isUnfinished = step === 2 || (step === 1 && isDone) || (step === 3 && !isDone);
  return how !== "periodic" && seconds < 10 && isUnfinished;
}

/** The last step was taken, and only the answer is missing. */
function isUnheard({ how, step, isDone, isDeath }: Crash): boolean {
  return how !== "periodic" && isDeath && step === 3 && isDone;
}

async function openAll(
  sessions: Opened["sessions"],
  keys: readonly string[],
): Promise<ReadonlyMap<string, Session>> {
  const found = new Map<string, Session>();
  for (const key of [...keys, ...keys]) {
    const session = await sessions.load(key);
    if (session === null) found.delete(key);
    else found.set(key, session);
  }
  return found;
}

/** Ways to end the session of a crash; each tells whether it says that it has. */
export const crashEndings: Readonly<Record<string, (crashed: Crashed) => Promise<boolean>>> = {
  "the old key": ({ sessions, old }) => sessions.delete(old),
  "the client's key": ({ sessions, sent }) => sessions.delete(sent),
  "a logout": async ({ sessions, sent }) => {
    const session = await sessions.fromCookie(cookieHeader(sent));
    const isLoggedIn = !session.isNew;
    await session.destroy();
    return isLoggedIn;
  },
  "the first handle": ({ sessions, handles }) => revokeHandle(sessions, handles[0]),
  "the last handle": ({ sessions, handles }) => revokeHandle(sessions, handles.at(-1)),
  "the user": async ({ sessions, userId }) => {
    const before = await sessions.revoke({ userId });
    return before + (await sessions.revoke({ userId: userId + 1 })) > 0;
  },
};

async function revokeHandle(sessions: Opened["sessions"], handle = ""): Promise<boolean> {
  return (await sessions.revoke({ handle })) > 0;
}

/** `null`, or what came back after an ending that said that it ended the session. */
export async function judgeEnding(
  { sessions, clock, keys, userId }: Crashed,
  isEnded: boolean,
): Promise<string | null> {
  if (!isEnded) return null;
  for (const seconds of [0.001, 11, 61, 240]) {
    clock.advance(seconds);
    const found = await openAll(sessions, keys);
    if (found.size > 0) return `a key works ${seconds} s after the session was ended`;
    const count = (await sessions.count({ userId })) + (await sessions.count({ userId: userId + 1 }));
    // Of a change that was not even begun in earnest, a record is left for a minute that nobody has the key of.
    if (count > 0 && seconds >= 61) return `${count} are found ${seconds} s after the session was ended`;
  }
  return null;
}

/** Whether sessions can be counted: not those in a cache. */
export function isSearched(sessions: object): sessions is Pick<Opened["sessions"], "count"> {
  return "count" in sessions;
}
