import { randomBytes } from "node:crypto";
import { SessionError } from "../../platform/errors.js";
import type { CallOptions, SessionRecord } from "../../types/backend.js";
import type { Evictions } from "../evictions.js";
import type { CommandPart } from "./client.js";
import type { Commands } from "./commands.js";
import type { DeletedRecord, Entries, Roster, SeenEntries } from "./entries.js";
import type { Keys } from "./keys.js";
import {
  fromValue,
  type RecordHead,
  toBytes,
  toHead,
  toIndexedText,
  toNamedValue,
  toTenant,
  toValue,
} from "./record-value.js";
import { createScript, deleteScript, saveScript, touchScript } from "./scripts.js";

/** What the methods of the backend work with. */
export interface Store {
  readonly commands: Commands;
  readonly keys: Keys;
  readonly entries: Entries;
  readonly seen: SeenEntries;
  readonly evictions: Evictions;
}

/** How long a record is kept beyond its expiry, in milliseconds: the runtime's clock decides, and clocks differ. */
const margin = 5 * 60_000;

/** Some more than a paused process needs; a clock of a cluster that is off by half a minute never gets there. */
const attempts = 3;

/** The record, for a request that is likely to save it. */
export function load(store: Store, id: string): Promise<SessionRecord | null> {
  return store.commands.get(store.keys.record(id)).then((value) => {
    const record = fromValue(id, value);
    if (record !== null) store.seen.note(record);
    return record;
  });
}

/** Loads for a search: what is found is less likely to be saved than what a request loads. */
export async function read({ commands, keys }: Store, id: string): Promise<SessionRecord | null> {
  return fromValue(id, await commands.get(keys.record(id)));
}

/** The numbers of a record, without what it holds. */
export async function readHead({ commands, keys }: Store, id: string): Promise<RecordHead | null> {
  return toHead(await commands.part(keys.record(id), 0, 24));
}

/** What most records are told by without what they hold, in bytes. */
const commonHead = 512;

/** The same, and whose it is. */
export async function readMember(
  store: Store,
  id: string,
): Promise<(RecordHead & Pick<SessionRecord, "tenant">) | null> {
  const value = await store.commands.part(store.keys.record(id), 0, commonHead - 1);
  const head = toHead(value);
  const tenant = toTenant(value);
  return head === null || tenant === undefined ? read(store, id) : { ...head, tenant };
}

/** Whether there is a record, readable or not. */
export async function exists({ commands, keys }: Store, id: string): Promise<boolean> {
  const [kind] = await commands.part(keys.record(id), 0, 0);
  return kind !== undefined && kind !== 0;
}

/** Announces the record, then adds it. `"full"`, adding nothing, when the roster is. */
export async function create(
  { commands, keys, entries, seen }: Store,
  record: SessionRecord,
  roster?: Roster,
): Promise<boolean | "full"> {
  const value = toValue(record);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const announced = await entries.announceNew(record, roster);
    if (announced === null) return "full";
    const parts = [value, lifeOf(record.expiresAt), announced];
    const answer = Number(await commands.run(createScript, keys.record(record.id), ...parts));
    if (answer === 2) continue;
    if (answer === 1) seen.note(record);
    return answer === 1;
  }
  throw new SessionError(
    "unavailable",
    "Redis took longer than 30 s to create a session, or the clocks of its nodes differ by that much.",
  );
}

/**
 * Saves; before that, announces what is newly indexed. What was indexed before is known from the last time that the
 * record was seen here, and the script checks it: where it is something else, all is announced.
 */
export async function save(store: Store, record: SessionRecord, options?: CallOptions): Promise<boolean> {
  const { keys, entries, seen } = store;
  const wanted = keys.entries(record);
  const text = toIndexedText(record);
  const before = wanted.length === 0 ? "" : (seen.textOf(record.id) ?? text);
  const known = before === "" ? [] : keys.entriesOf(before);
  const added = before === text ? [] : wanted.filter((key) => !known.includes(key));
  if (added.length > 0) await entries.announce(record, added);
  const keepsExpiry = options?.keepsExpiry === true;
  let answer = await trySave(store, record, { before, keepsExpiry });
  if (answer === 2) {
    await entries.announce(record, wanted);
    answer = await trySave(store, record, { before: "", keepsExpiry });
  }
  if (answer !== 1) {
    seen.forget(record.id);
    return false;
  }
  seen.note(record);
  const left = keys.rosterOf(before);
  // A roster is counted: whoever leaves it must not be in it until somebody looks.
  if (left !== null && !wanted.includes(left)) await entries.leave(left, record);
  return true;
}

/** Moves the expiry, if the record is at that revision. */
export async function touch(
  { commands, keys }: Store,
  id: string,
  change: { readonly revision: number; readonly expiresAt: number },
): Promise<boolean> {
  const { revision, expiresAt } = change;
  const parts = [toBytes(revision), toBytes(expiresAt), lifeOf(expiresAt)];
  return Number(await commands.run(touchScript, keys.record(id), ...parts)) === 1;
}

/** Deletes the record; one with a later expiry than `until` stays. */
export async function remove(store: Store, id: string, until?: number): Promise<boolean> {
  const { commands, keys, entries, seen } = store;
  const condition = until === undefined ? "" : String(until);
  const answer = await commands.run(deleteScript, keys.record(id), randomBytes(16), condition);
  const deleted = toDeleted(id, answer);
  if (deleted === null) return false;
  seen.forget(id);
  await entries.unlink(deleted);
  return true;
}

interface SaveConditions {
  /** What must be indexed until now, or nothing. */
  readonly before: string;
  readonly keepsExpiry: boolean;
}

async function trySave(
  { commands, keys }: Store,
  record: SessionRecord,
  { before, keepsExpiry }: SaveConditions,
): Promise<number> {
  const parts: CommandPart[] = [toNamedValue(record), String(lifeOf(record.expiresAt))];
  // Most records are found by nothing, and each part has its price.
  if (before !== "" || keepsExpiry) parts.push(before);
  if (keepsExpiry) parts.push("1");
  const connections = commands.connections();
  const answer = Number(await commands.run(saveScript, keys.record(record.id), ...parts));
  if (answer === 3 && commands.isLost(connections)) {
    throw new SessionError(
      "unavailable",
      "The connection to Redis was lost during a save, and so many followed that nobody knows whether it was made.",
    );
  }
  return answer;
}

function toDeleted(id: string, answer: unknown): DeletedRecord | null {
  if (!Array.isArray(answer) || answer.length < 3) return null;
  const [time, revision, indexedText] = answer.map(String);
  return { id, time: time ?? "", revision: revision ?? "", indexedText: indexedText ?? "" };
}

/** Counted from now, so that the clock of Redis does not matter. What is over already is kept for the margin. */
function lifeOf(expiresAt: number): number {
  const left = Math.max(0, expiresAt - Date.now());
  return Math.min(Math.ceil(left) || 0, 2 ** 52) + margin;
}
