import type { World } from "./actor.js";
import type { History, Write } from "./history.js";
import type { ModelSession, ModelSessions } from "./model-kind.js";

/** Looks at what a schedule has left behind. Throws with everything that should not be. */
export async function assertOutcome(world: World, sessions: ModelSessions): Promise<void> {
  const { history } = world;
  // A change of key that a crash has interrupted is undone after ten seconds, by whoever comes with the old key.
  if (history.crashedIn.length > 0) {
    world.advance(11);
    await usableSessions(world, sessions);
  }
  const found = await usableSessions(world, sessions);
  const faults = [
    ...history.faults,
    ...keyFaults(world, found),
    ...[...found.values()].slice(0, 1).flatMap((session) => contentFaults(history, session)),
    ...(await countFaults(world, sessions, found)),
  ];
  if (faults.length > 0) throw new Error(faults.join("; "));
}

type Found = ReadonlyMap<string, ModelSession>;

/** The sessions that the keys of a history open, by key. */
async function usableSessions({ history }: World, sessions: ModelSessions): Promise<Found> {
  const unsent = history.sessions.flatMap(({ key }) => (key === null ? [] : [key]));
  const found = new Map<string, ModelSession>();
  for (const key of new Set([...history.keys, ...unsent])) {
    const session = await sessions.load(key);
    if (session !== null) found.set(key, session);
  }
  return found;
}

function keyFaults({ history, key, isKeyLate }: World, found: Found): readonly string[] {
  const faults: string[] = [];
  const handles = new Set([...found.values()].map(({ handle }) => handle));
  const isOver = Number.isFinite(history.endedAt);
  if (isOver && found.size > 0) faults.push("a session that has ended is usable");
  if (handles.size > 1) faults.push(`${handles.size} sessions are usable`);
  if (!history.mayBeOver && handles.size === 0) faults.push("no key opens the session");
  if (!history.mayBeOver && history.crashedIn.length === 0 && !isKeyLate && !found.has(key))
    faults.push("the browser's key does not open the session");
  for (const retired of history.retiredKeys)
    if (found.has(retired)) faults.push("a key that was changed is usable");
  return faults;
}

/** Every acknowledged change is there, once; nothing is there that was never sent. */
function contentFaults({ writes }: History, session: ModelSession): readonly string[] {
  const faults: string[] = [];
  const log = session.get("log");
  const sent = new Set(writes.flatMap(({ tokens }) => tokens));
  const acknowledged = writes.filter(({ until }) => until !== undefined).flatMap(({ tokens }) => tokens);
  for (const token of acknowledged) if (!log.includes(token)) faults.push(`the change ${token} is lost`);
  if (new Set(log).size < log.length) faults.push("a change was made twice");
  if (log.some((token) => !sent.has(token))) faults.push("a change was made that was never sent");
  if (session.get("count") !== log.length)
    faults.push(`the sum is ${session.get("count")} after ${log.length} changes`);
  if (!isLastWord(writes, session.get("word"))) faults.push("an older value replaced a newer one");
  return faults;
}

/** Whether no acknowledged write began after the one that wrote this value had ended. */
function isLastWord(writes: readonly Write[], word: string | undefined): boolean {
  const wrote = writes.filter(({ tokens }) => tokens.length > 0);
  const isAcknowledged = ({ until }: Write): boolean => until !== undefined;
  if (word === undefined) return !wrote.some(isAcknowledged);
  const ends = wrote
    .filter(({ tokens }) => tokens.at(-1) === word)
    .map(({ until }) => until ?? Number.POSITIVE_INFINITY);
  return ends.some((end) => !wrote.some((write) => isAcknowledged(write) && write.from > end));
}

/** What a crash leaves is gone a minute later; a session that is used then has not gone with it. */
async function countFaults(
  { history, userId, advance }: World,
  sessions: ModelSessions,
  found: Found,
): Promise<readonly string[]> {
  const [session] = found.values();
  if (history.crashedIn.length > 0) {
    if (session !== undefined) {
      session.set("count", 0);
      await sessions.commit(session);
    }
    advance(61);
  }
  const expected = session === undefined ? 0 : 1;
  const count = await sessions.count({ userId });
  // A revocation deletes plainly: dying beside a change of key that dies as well, it leaves what nobody has the key of.
  const mayBeLeft = history.crashedIn.length > 1 && history.crashedIn.includes("revoke");
  if (mayBeLeft && expected === 0 && count === 1) return [];
  if (count !== expected) return [`${count} live sessions are stored, and ${expected} can be opened`];
  if (session?.key && (await sessions.load(session.key)) === null) return ["a session has gone by itself"];
  return [];
}
