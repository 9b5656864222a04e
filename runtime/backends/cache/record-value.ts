import type { SessionRecord } from "../../types/backend.js";
import { fromRecordText, toRecordText, unreadableRecord } from "../record-text.js";

/** A record as text that is no JSON by itself: unstorage would read that, and drop members it does not like. */
export function toCacheText(record: SessionRecord): string {
  return `session-gen 1 ${record.expiresAt} ${toRecordText(record)}`;
}

/** The record of a value; one that is unreadable for what `toCacheText` did not write under this id. */
export function fromCacheText(value: unknown, id: string): SessionRecord {
  const [, expiry, text] = typeof value === "string" ? (grammar.exec(value) ?? []) : [];
  const body = text === undefined ? null : fromRecordText(text);
  const expiresAt = Number(expiry);
  if (body !== null && body.id === id && Number.isFinite(expiresAt)) return { expiresAt, ...body };
  // It never expires by itself: what it was is not known.
  return unreadableRecord({ id, revision: 0, expiresAt: Number.MAX_SAFE_INTEGER });
}

const grammar = /^session-gen 1 (\S+) (.*)$/s;
