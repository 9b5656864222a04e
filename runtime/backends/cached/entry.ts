import type { SessionRecord } from "../../types/backend.js";
import { fromRecordText, toRecordText } from "../record-text.js";

/** What a cache holds about an id. */
export interface Entry {
  /** The record, or `null` for a tombstone: the session was deleted. */
  readonly record: SessionRecord | null;
  /** When the store was asked: the entry shows what was true then or later. Epoch milliseconds. */
  readonly since: number;
}

/** Where an entry stands in the cache: how often the place was written, and until when it is kept there. */
export interface EntryPlace {
  readonly id: string;
  readonly revision: number;
  readonly expiresAt: number;
}

/** An entry as a record of the cache, which knows nothing of what it holds. */
export function toCacheRecord({ record, since }: Entry, place: EntryPlace): SessionRecord {
  const text = record === null ? "" : `${record.expiresAt}\n${toRecordText(record)}`;
  return {
    tenant: null,
    header,
    data: new TextEncoder().encode(text),
    writeId: crypto.randomUUID(),
    createdAt: since,
    indexed: {},
    ...place,
  };
}

/** The entry that a record of the cache holds, or `null` when it holds anything else. */
export function fromCacheRecord(cached: SessionRecord): Entry | null {
  if (cached.header !== header) return null;
  const since = cached.createdAt;
  if (cached.data.length === 0) return { record: null, since };
  const text = new TextDecoder().decode(cached.data);
  const end = text.indexOf("\n");
  const body = fromRecordText(text.slice(end + 1));
  const expiresAt = end > 0 ? Number(text.slice(0, end)) : Number.NaN;
  if (body === null || body.id !== cached.id || !Number.isFinite(expiresAt)) return null;
  return { record: { expiresAt, ...body }, since };
}

const header = "cached;1";
