import { isUtf8 } from "node:buffer";
import type { IndexedValue, SessionRecord } from "../types/backend.js";

/** A record without its expiry, which some places keep beside it. */
export type RecordBody = Omit<SessionRecord, "expiresAt">;

/** A record as one line of JSON, for places that keep text: its data as text when it is UTF-8, else as base64. */
export function toRecordText(record: RecordBody): string {
  const { id, tenant, header, data, revision, writeId, createdAt, indexed } = record;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const held = isUtf8(bytes) ? { text: bytes.toString("utf8") } : { base64: bytes.toString("base64") };
  return JSON.stringify({ id, tenant, header, revision, writeId, createdAt, indexed, ...held });
}

/** What `toRecordText` wrote, or `null` for anything else. */
export function fromRecordText(text: string): RecordBody | null {
  const value = parse(text);
  if (value === null) return null;
  const { id, tenant, header, revision, writeId, createdAt, indexed } = value;
  const data = toData(value);
  if (typeof id !== "string" || (tenant !== null && typeof tenant !== "string")) return null;
  if (typeof header !== "string" || typeof writeId !== "string" || data === null) return null;
  if (!Number.isSafeInteger(revision) || !Number.isFinite(createdAt) || !isIndexed(indexed)) return null;
  return {
    id,
    tenant,
    header,
    data,
    revision: Number(revision),
    writeId,
    createdAt: Number(createdAt),
    indexed,
  };
}

/** What stands for a record that is damaged: the runtime cannot read it either, says so and gives its user a new session. */
export function unreadableRecord(place: Pick<SessionRecord, "id" | "revision" | "expiresAt">): SessionRecord {
  return {
    tenant: null,
    header: "damaged",
    data: new Uint8Array(),
    writeId: "",
    createdAt: 0,
    indexed: {},
    ...place,
  };
}

function parse(text: string): { readonly [name: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function toData({ text, base64 }: { readonly [name: string]: unknown }): Uint8Array | null {
  if (typeof text === "string") return new TextEncoder().encode(text);
  return typeof base64 === "string" ? new Uint8Array(Buffer.from(base64, "base64")) : null;
}

function isIndexed(value: unknown): value is Readonly<Record<string, IndexedValue>> {
  return (
    isObject(value) &&
    Object.values(value).every(
      (member) => member === null || ["string", "number", "boolean"].includes(typeof member),
    )
  );
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
