import type { IndexedValue, SessionRecord } from "../backend.js";
import { unreadableRecord } from "../record-text.js";

/**
 * A record as one value: a byte 1, then the revision, the expiry and the creation (doubles), the lengths of the
 * write id (16 bits), of what is indexed and of the header (32 bits each), these three, the data, and what the script
 * of `save` puts behind it: the last byte counts the calls it names. Numbers are big-endian, so that a script compares
 * revisions byte by byte. The value of a deleted record begins with a byte 0.
 */
export function toValue(record: SessionRecord): Buffer {
  const writeId = Buffer.from(record.writeId);
  const indexed = Buffer.from(toIndexedText(record));
  const header = Buffer.from(record.header);
  const head = Buffer.alloc(headLength);
  head.writeUInt8(1, 0);
  head.writeDoubleBE(record.revision, 1);
  head.writeDoubleBE(record.expiresAt, 9);
  head.writeDoubleBE(record.createdAt, 17);
  head.writeUInt16BE(writeId.length, 25);
  head.writeUInt32BE(indexed.length, 27);
  head.writeUInt32BE(header.length, 31);
  return Buffer.concat([head, writeId, indexed, header, record.data, Buffer.of(0)]);
}

/** The record of a value; `null` for none and for a deleted one, and one that is unreadable for anything else. */
export function fromValue(id: string, value: Buffer | null): SessionRecord | null {
  if (value === null || value.length === 0 || value[0] === 0) return null;
  return toRecord(id, value) ?? unreadableRecord({ id, revision: 0, expiresAt: Number.MAX_SAFE_INTEGER });
}

function toRecord(id: string, value: Buffer): SessionRecord | null {
  if (value[0] !== 1 || value.length <= headLength) return null;
  const writeIdEnd = headLength + value.readUInt16BE(25);
  const indexedEnd = writeIdEnd + value.readUInt32BE(27);
  const headerEnd = indexedEnd + value.readUInt32BE(31);
  const calls = value.readUInt8(value.length - 1);
  const dataEnd = value.length - 1 - (calls === 0 ? 0 : 6 * calls + 8);
  if (dataEnd < headerEnd) return null;
  const found = fromIndexedText(value.toString("utf8", writeIdEnd, indexedEnd));
  return (
    found && {
      id,
      ...found,
      header: value.toString("utf8", indexedEnd, headerEnd),
      data: new Uint8Array(value.buffer, value.byteOffset + headerEnd, dataEnd - headerEnd),
      revision: value.readDoubleBE(1),
      writeId: value.toString("utf8", headLength, writeIdEnd),
      createdAt: value.readDoubleBE(17),
      expiresAt: value.readDoubleBE(9),
    }
  );
}

export interface RecordHead {
  readonly revision: number;
  readonly expiresAt: number;
  readonly createdAt: number;
}

/** What the first 25 bytes of a value tell; `null` when it is none of a record. */
export function toHead(value: Buffer): RecordHead | null {
  if (value[0] !== 1 || value.length < 25) return null;
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

/** Everything that a record is found by, as text that a script can compare. */
export function toIndexedText({ tenant, indexed }: Pick<SessionRecord, "tenant" | "indexed">): string {
  return JSON.stringify([tenant, indexed]);
}

/** What `toIndexedText` wrote, or `null` for anything else. */
export function fromIndexedText(text: string): Pick<SessionRecord, "tenant" | "indexed"> | null {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || !isTenant(parts[0]) || !isIndexed(parts[1])) return null;
  return { tenant: parts[0], indexed: parts[1] };
}

/** As scripts compare it. */
export function toBytes(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes;
}

const headLength = 35;

function isTenant(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isIndexed(value: unknown): value is Record<string, IndexedValue> {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((member) => typeof member !== "object" || member === null);
}
