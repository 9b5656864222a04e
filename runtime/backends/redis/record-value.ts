import { randomId } from "../../platform/built-ins.js";
import type { IndexedValue, SessionRecord } from "../../types/backend.js";
import { unreadableRecord } from "../record-text.js";
import { fromHeaderBytes, toHeaderBytes } from "./header-bytes.js";

/**
 * A record as one value: a byte 2, then the revision, the expiry and the creation (doubles), the lengths of the
 * write id (16 bits), of what is indexed (32 bits) and of the header (16 bits), these three, the data, and a trailer: a last
 * byte that counts the calls it names, as the script of `save` has it. Numbers are big-endian, so that a script compares
 * revisions byte by byte. The value of a deleted record begins with a byte 0.
 */
export function toValue(record: SessionRecord): Buffer {
  const value = toUnfinished(record, 1);
  value[value.length - 1] = 0;
  return value;
}

/** The same with 6 random bytes, which name this call, in the place of the trailer that the script of `save` makes. */
export function toNamedValue(record: SessionRecord): Buffer {
  const value = toUnfinished(record, 6);
  value.write(randomId(8), value.length - 6, "base64url");
  return value;
}

function toUnfinished(record: SessionRecord, trailerLength: number): Buffer {
  const { writeId, data } = record;
  const indexed = toIndexedText(record);
  const header = toHeaderBytes(record.header);
  const writeIdEnd = headLength + Buffer.byteLength(writeId);
  const indexedEnd = writeIdEnd + Buffer.byteLength(indexed);
  const headerEnd = indexedEnd + header.length;
  const value = Buffer.allocUnsafe(headerEnd + data.length + trailerLength);
  value[0] = recordMark;
  value.writeDoubleBE(record.revision, 1);
  value.writeDoubleBE(record.expiresAt, 9);
  value.writeDoubleBE(record.createdAt, 17);
  value.writeUInt16BE(writeIdEnd - headLength, 25);
  value.writeUInt32BE(indexedEnd - writeIdEnd, 27);
  value.writeUInt16BE(header.length, 31);
  value.write(writeId, headLength);
  value.write(indexed, writeIdEnd);
  value.set(header, indexedEnd);
  value.set(data, headerEnd);
  return value;
}

/** The record of a value; `null` for none and for a deleted one, and one that is unreadable for anything else. */
export function fromValue(id: string, value: Buffer | null): SessionRecord | null {
  if (value === null || value.length === 0 || value[0] === 0) return null;
  return toRecord(id, value) ?? unreadableRecord({ id, revision: 0, expiresAt: Number.MAX_SAFE_INTEGER });
}

function toRecord(id: string, value: Buffer): SessionRecord | null {
  if (value[0] !== recordMark || value.length <= headLength) return null;
  const writeIdEnd = headLength + value.readUInt16BE(25);
  const indexedEnd = writeIdEnd + value.readUInt32BE(27);
  const headerEnd = indexedEnd + value.readUInt16BE(31);
  const calls = value.readUInt8(value.length - 1);
  const dataEnd = value.length - 1 - (calls === 0 ? 0 : 6 * calls + 4);
  if (dataEnd < headerEnd) return null;
  const found = fromIndexedText(value.toString("utf8", writeIdEnd, indexedEnd));
  const header = fromHeaderBytes(value, indexedEnd, headerEnd);
  if (found === null || header === null) return null;
  return {
    id,
    tenant: found.tenant,
    indexed: found.indexed,
    header,
    data: new Uint8Array(value.buffer, value.byteOffset + headerEnd, dataEnd - headerEnd),
    revision: value.readDoubleBE(1),
    writeId: value.toString("utf8", headLength, writeIdEnd),
    createdAt: value.readDoubleBE(17),
    expiresAt: value.readDoubleBE(9),
  };
}

/** The numbers of a record; times are epoch milliseconds. */
export interface RecordHead {
  readonly revision: number;
  readonly expiresAt: number;
  readonly createdAt: number;
}

/** What the first 25 bytes of a value tell; `null` when it is none of a record. */
export function toHead(value: Buffer): RecordHead | null {
  if (value[0] !== recordMark || value.length < 25) return null;
  return {
    revision: value.readDoubleBE(1),
    expiresAt: value.readDoubleBE(9),
    createdAt: value.readDoubleBE(17),
  };
}

/** The tenant of a record, as the beginning of its value tells; `undefined` when it takes more of it. */
export function toTenant(value: Buffer): string | null | undefined {
  if (value.length <= headLength) return undefined;
  const writeIdEnd = headLength + value.readUInt16BE(25);
  const indexedEnd = writeIdEnd + value.readUInt32BE(27);
  if (indexedEnd > value.length) return undefined;
  return fromIndexedText(value.toString("utf8", writeIdEnd, indexedEnd))?.tenant ?? null;
}

/** What a record is found by. */
export type FoundBy = Pick<SessionRecord, "tenant" | "indexed">;

/** What a record is found by, as text that a script can compare; empty for nothing. */
export function toIndexedText(record: FoundBy): string {
  return isFoundByNothing(record) ? "" : JSON.stringify([record.tenant, record.indexed]);
}

/** What `toIndexedText` wrote, or `null` for anything else. */
export function fromIndexedText(text: string): FoundBy | null {
  if (text === "") return nothing;
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || !isTenant(parts[0]) || !isIndexed(parts[1])) return null;
  return { tenant: parts[0], indexed: parts[1] };
}

/** Whether a record has neither a tenant nor an indexed field, as all of most kinds. */
export function isFoundByNothing({ tenant, indexed }: FoundBy): boolean {
  if (tenant !== null) return false;
  for (const _field in indexed) return false;
  return true;
}

const nothing: FoundBy = Object.freeze({ tenant: null, indexed: Object.freeze({}) });

/** As scripts compare it. */
export function toBytes(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes;
}

/** As scripts tell a record from the mark of a deleted one. */
const recordMark = 2;
const headLength = 33;

function isTenant(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isIndexed(value: unknown): value is Record<string, IndexedValue> {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((member) => typeof member !== "object" || member === null);
}
