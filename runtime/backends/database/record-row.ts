import { isUtf8 } from "node:buffer";
import { SessionError } from "../../platform/errors.js";
import type { IndexedValue, SessionRecord } from "../../types/backend.js";
import type { DatabaseDialect } from "./dialect.js";

/** The column of an indexed field. Values of another type than the column's are refused on writing and never found. */
export interface IndexColumn {
  /** A plain identifier. */
  readonly column: string;
  /** An `integer` column takes booleans too, and gives them back as 0 and 1. */
  readonly type: "text" | "integer" | "real" | "boolean";
}

/** By name of the field. */
export type IndexColumns = Readonly<Record<string, IndexColumn>>;

/** A row, or the parameters of a statement, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** The columns that every session table has. `text` holds the data of a plain JSON record, `bytes` that of any other. */
export const recordColumns = [
  "id",
  "tenant",
  "revision",
  "write_id",
  "created_at",
  "expires_at",
  "header",
  "text",
  "bytes",
] as const;

/** With the `previous revision` too, which a write that replaces one asks for. */
export function toRow(
  record: SessionRecord,
  columns: IndexColumns,
  { longestKey, hasBooleans }: Pick<DatabaseDialect, "longestKey" | "hasBooleans">,
): Row {
  assertKey(record.id, "id", longestKey);
  assertKey(record.tenant, "tenant", longestKey);
  const { text, bytes } = toData(record);
  const row: Record<string, unknown> = {
    id: record.id,
    tenant: record.tenant,
    revision: record.revision,
    "previous revision": record.revision - 1,
    write_id: record.writeId,
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    header: record.header,
    text,
    bytes,
  };
  for (const [field, { column, type }] of Object.entries(columns)) {
    const value = record.indexed[field] ?? null;
    if (!fits(value, type)) throw mistyped(field, column, type, value);
    assertKey(value, field, longestKey);
    row[column] = toStored(value, hasBooleans && type === "boolean");
  }
  return row;
}

/** The record of a row. */
export function toRecord(
  row: Row,
  columns: IndexColumns,
  { fromStored }: Pick<DatabaseDialect, "fromStored">,
): SessionRecord {
  const indexed: Record<string, IndexedValue> = {};
  for (const [field, { column, type }] of Object.entries(columns)) {
    indexed[field] = toIndexedValue(row[column], type, fromStored);
  }
  const {
    id,
    tenant,
    header,
    revision,
    write_id: writeId,
    created_at: createdAt,
    expires_at: expiresAt,
  } = row;
  return {
    id: fromStored(id),
    tenant: tenant === null ? null : fromStored(tenant),
    header: fromStored(header),
    data: fromData(row, fromStored),
    revision: Number(revision),
    writeId: fromStored(writeId),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    indexed,
  };
}

/** Whether a column of this type can hold the value. */
export function fits(value: IndexedValue, type: IndexColumn["type"]): boolean {
  if (value === null) return true;
  if (type === "integer") return typeof value === "boolean" || Number.isSafeInteger(value);
  return typeof value === { text: "string", real: "number", boolean: "boolean" }[type];
}

/** As SQL parameters carry it: some drivers take no boolean, and others nothing else where the column is of that type. */
export function toStored(value: IndexedValue, takesBooleans = false): IndexedValue {
  return typeof value === "boolean" && !takesBooleans ? Number(value) : value;
}

/** PostgreSQL has no text with U+0000. JSON writes it as an escape. */
function toData(record: SessionRecord): { text: string | null; bytes: Uint8Array | null } {
  const { buffer, byteOffset, byteLength } = record.data;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return isPlainJson(record.header) && isUtf8(bytes) && !bytes.includes(0)
    ? { text: bytes.toString("utf8"), bytes: null }
    : { text: null, bytes };
}

function fromData({ text, bytes }: Row, fromStored: DatabaseDialect["fromStored"]): Uint8Array {
  if (typeof text === "string") return new TextEncoder().encode(fromStored(text));
  const data = text ?? bytes;
  // As libSQL gives them.
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array();
}

/** The header is `layout;codec;compression;encryption key id;shape hash`. */
function isPlainJson(header: string): boolean {
  return /^[^;]*;json;-;-(?:;|$)/.test(header);
}

function toIndexedValue(
  stored: unknown,
  type: IndexColumn["type"],
  fromStored: DatabaseDialect["fromStored"],
): IndexedValue {
  if (stored === null || stored === undefined) return null;
  if (type === "text") return fromStored(stored);
  return type === "boolean" ? Number(stored) !== 0 : Number(stored);
}

function assertKey(value: IndexedValue, what: string, longest: number): void {
  if (typeof value !== "string" || value.length * 3 <= longest) return;
  const bytes = Buffer.byteLength(value);
  if (bytes <= longest) return;
  throw new SessionError("too-large", `The ${what} has ${bytes} bytes; this database takes ${longest}.`, {
    details: { bytes, limit: longest },
  });
}

function mistyped(field: string, column: string, type: string, value: IndexedValue): SessionError {
  return new SessionError(
    "config",
    `The index on ${field} holds a ${typeof value}, but its column ${column} is of type ${type}. Generate again and run session-gen migrate up.`,
    { details: { field, column } },
  );
}
