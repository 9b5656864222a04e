import { isUtf8 } from "node:buffer";
import type { SealedRecord } from "../../types/seal.js";

/** One record at a time is packed here: to allocate its parts would take as long as the rest. */
const desk = Buffer.alloc(16_384);

/** A record as bytes, which stand until the next call: a line of JSON with what is plain, then the data. Not protected by itself. */
export function packRecord({ id, tenant, header, createdAt, expiresAt, data }: SealedRecord): Uint8Array {
  const head = JSON.stringify([id, tenant, header, createdAt, expiresAt]);
  const most = 3 * head.length + 1 + data.length;
  const bytes = most > desk.length ? Buffer.alloc(most) : desk;
  const end = bytes.write(head);
  bytes[end] = lineFeed;
  bytes.set(data, end + 1);
  return bytes.subarray(0, end + 1 + data.length);
}

/** Reads what `packRecord` wrote; `null` when it is anything else. */
export function unpackRecord(bytes: Uint8Array): SealedRecord | null {
  const end = bytes.indexOf(lineFeed);
  if (end < 0) return null;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  const text = head.toString("utf8");
  if (text.includes("\ufffd") && !isUtf8(head)) return null;
  try {
    return toRecord(JSON.parse(text), bytes.subarray(end + 1));
  } catch {
    return null;
  }
}

const lineFeed = 0x0a;

function toRecord(head: unknown, data: Uint8Array): SealedRecord | null {
  if (!Array.isArray(head) || head.length !== 5) return null;
  const [id, tenant, header, createdAt, expiresAt]: readonly unknown[] = head;
  if (typeof id !== "string" || typeof header !== "string") return null;
  if (tenant !== null && typeof tenant !== "string") return null;
  if (typeof createdAt !== "number" || typeof expiresAt !== "number") return null;
  return { id, tenant, header, createdAt, expiresAt, data };
}
