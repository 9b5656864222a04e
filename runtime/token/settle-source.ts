import type { Moved } from "../record/contents.js";
import { readAnyRecord } from "../record/stored-record.js";
import { replace, toForward, toRetired } from "./moved-record.js";
import type { RecordPlace } from "./record-place.js";
import type { StoredSession } from "./token-store.js";

/** Servers' clocks differ. */
const margin = 60_000;

/** From when on nothing can come back from a record that lives so long, in epoch milliseconds. */
export function untilOf(expiresAt: number): number {
  return expiresAt + margin;
}

/** Whether the record that a session was moved from may still bring back what it was. */
export function mayComeBack({ meta: { from } }: StoredSession, now: number): boolean {
  return from !== undefined && (from.until === undefined || now < from.until);
}

/**
 * Finishes the change of key that led to a session, where that was not done: what it was cannot come back any more. Only
 * for a session whose record has been written to since: one that is being undone would be lost.
 */
export async function settleSource(place: RecordPlace, session: StoredSession): Promise<void> {
  const { from } = session.meta;
  if (from === undefined || !mayComeBack(session, place.context.clock())) return;
  await settle(place, { id: from.id, to: session.id, states: ["follow", "undo", "undoing"] });
}

/** The same of a moved record, whatever has become of the new one; what is being undone is left to that. */
export async function settleMoved(place: RecordPlace, { id, meta }: StoredSession): Promise<void> {
  const { to = null } = meta.moved ?? {};
  if (to !== null) await settle(place, { id, to, states: ["follow", "undo"] });
}

interface Unsettled {
  readonly id: string;
  readonly to: string;
  readonly states: readonly Moved["unfinished"][];
}

async function settle(place: RecordPlace, { id, to, states }: Unsettled): Promise<void> {
  for (;;) {
    const moved = await loadMoved(place, id, to);
    const { unfinished } = moved?.meta.moved ?? {};
    if (moved === null || unfinished === undefined || !states.includes(unfinished)) return;
    // It was written to when it was moved: what it was moved from itself is over as well.
    await settleSource(place, moved);
    if (await replace(place, toSettled(moved, place))) return;
  }
}

function toSettled(moved: StoredSession, place: RecordPlace): StoredSession {
  return moved.meta.moved?.unfinished === "follow"
    ? toForward(moved, moved.expiresAt)
    : toRetired(moved, place);
}

/** Lets the old key of a session lead to it for so long only: the client has the new one. */
export async function endForward(
  place: RecordPlace,
  session: StoredSession,
  expiresAt: number,
): Promise<void> {
  const { from } = session.meta;
  if (from === undefined || (await place.backend.touch(from.id, from.revision, expiresAt))) return;
  for (;;) {
    const moved = await loadMoved(place, from.id, session.id);
    const { unfinished } = moved?.meta.moved ?? {};
    // Being undone, it is our own record that is missing or was never written to, which the write will tell.
    if (moved === null || (unfinished !== undefined && unfinished !== "follow")) return;
    if (unfinished === undefined) {
      if (await place.backend.touch(moved.id, moved.revision, expiresAt)) return;
      continue;
    }
    // Once this one is gone, nobody could tell that what it was moved from is over.
    await settleSource(place, moved);
    if (await replace(place, toForward(moved, expiresAt))) return;
  }
}

async function loadMoved(
  { backend, context }: RecordPlace,
  id: string,
  to: string,
): Promise<StoredSession | null> {
  const record = await backend.load(id);
  if (record === null) return null;
  const found = readAnyRecord(record, context);
  return found.is === "moved" && found.moved.to === to ? found.stored : null;
}
