import { openText } from "../platform/built-ins.js";
import { readAnyRecord } from "../record/stored-record.js";
import { expiresAt } from "../session/expiry.js";
import type { RecordPlace } from "./record-place.js";
import { toId } from "./session-key.js";
import type { FoundSession, StoredSession, TokenStore } from "./token-store.js";
import { undoRotation } from "./undo-rotation.js";

/** How long a record lives that a crash may leave behind, in milliseconds. */
export const unfinishedLife = 60_000;

/** What following needs of its store. */
export type FollowingStore = RecordPlace & Pick<TokenStore, "read">;

/**
 * The session that an old key leads to; `null` when it opens nothing. Where the change of key was not finished, the new
 * record is given its full life, or the change is undone: then it is the session that the old key had.
 */
export async function followMoved(
  store: FollowingStore,
  token: string,
  moved: StoredSession,
): Promise<FoundSession | null> {
  const { to = null, usableFrom, unfinished } = moved.meta.moved ?? {};
  const now = store.context.clock();
  if (to === null || usableFrom === undefined || now < usableFrom) return null;
  if (unfinished === "undo" || unfinished === "undoing") return undo(store, token, moved);
  const next = nextKey(store, token, moved);
  const found = next === null ? null : await store.read(next);
  if (found !== null) {
    const stored = unfinished === "follow" ? await withFullLife(store, found.stored) : found.stored;
    return { ...found, stored, isForwarded: true };
  }
  const isLost = unfinished === "follow" && !(await hasMovedOn(store, { from: moved.id, to }));
  return isLost ? undo(store, token, moved) : null;
}

/** The key that a moved record holds, opened by the one before it. */
export function nextKey({ context }: RecordPlace, token: string, { meta }: StoredSession): string | null {
  const { key, to } = meta.moved ?? {};
  const next = key === undefined ? null : openText(key, token);
  return next !== null && toId(context, next) === to ? next : null;
}

async function undo(
  store: FollowingStore,
  token: string,
  moved: StoredSession,
): Promise<FoundSession | null> {
  const outcome = await undoRotation(store, moved);
  if (outcome.is === "overtaken") return store.read(token);
  return outcome.is === "undone" ? { key: token, isForwarded: false, stored: outcome.stored } : null;
}

/** Whoever follows may be sent the new key, which must not end with the minute that it was given at first. */
async function withFullLife(
  { backend, context }: RecordPlace,
  stored: StoredSession,
): Promise<StoredSession> {
  const { rotatedAt, expiry } = stored.meta;
  const isUnfinished = rotatedAt !== undefined && stored.expiresAt <= rotatedAt + unfinishedLife;
  if (!isUnfinished) return stored;
  const full = { ...stored, expiresAt: expiresAt(context.expiry, expiry, stored.createdAt, context.clock()) };
  return (await backend.touch(stored.id, stored.revision, full.expiresAt)) ? full : stored;
}

/** Whether the key has been changed once more: then it is that change which is finished or undone. */
async function hasMovedOn(
  { backend, context }: RecordPlace,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const record = await backend.load(to);
  const found = record && readAnyRecord(record, context);
  return found?.is === "moved" && found.moved.to !== null && found.moved.to !== from;
}
