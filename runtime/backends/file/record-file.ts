import { hash } from "node:crypto";
import type { SessionRecord } from "../../types/backend.js";
import { fromRecordText, type RecordBody, toRecordText } from "../record-text.js";
import type { Head } from "./names.js";

const signature = "session-gen record 1";

/** The bytes of a record's file: a line with the SHA-256 of what follows, then the record as a line of JSON. */
export function encodeRecordFile(record: SessionRecord): Uint8Array {
  const text = `${toRecordText(record)}\n`;
  return new TextEncoder().encode(`${signature} ${hash("sha256", text, "hex")}\n${text}`);
}

/** What `encodeRecordFile` wrote for this head; `null` when a byte of it is missing or another one. */
export function decodeRecordFile(bytes: Uint8Array, head: Head): SessionRecord | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const end = file.indexOf("\n");
  const text = file.slice(end + 1);
  if (file.slice(0, end) !== `${signature} ${hash("sha256", text, "hex")}`) return null;
  const body: RecordBody | null = fromRecordText(text);
  if (body === null || body.revision !== head.revision) return null;
  return { expiresAt: head.expiresAt, ...body };
}
