import { SessionError } from "../session-error.js";
import type { Codec, DecodeLimits } from "./codec.js";
import type { Meta, Moved, RecordContents } from "./contents.js";

/** A record cannot be read: unknown layout, damaged bytes, more than the limits allow. `reason` holds no data. */
export class UnreadableRecord extends Error {
  constructor(reason: string, options?: { cause: unknown }) {
    super(reason, options);
    this.name = "UnreadableRecord";
  }
}

const limits: DecodeLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 128 };

/** The plain header: layout, codec, compression, encryption key id, shape hash and kind. `-` is none. */
export function toHeader(codec: Codec, shapeHash: string, kindName: string): string {
  return `1;${codec.name};-;-;${shapeHash};${kindName}`;
}

/** Whether a record is of a kind: several may share a backend. */
export function isOfKind(header: string, kindName: string): boolean {
  return header.endsWith(`;${kindName}`);
}

/** The hash of the shape version that wrote a record. */
export function shapeHashOf(header: string): string {
  return header.split(";", 5)[4] ?? "";
}

/** A record's bytes. Throws `SessionError` `"too-large"`. */
export function encodeContents(contents: RecordContents, codec: Codec): Uint8Array {
  const data = codec.encode(contents);
  if (data.length <= limits.maxBytes) return data;
  throw new SessionError(
    "too-large",
    `The session takes ${data.length} bytes; at most ${limits.maxBytes} can be stored.`,
    { details: { bytes: data.length, limit: limits.maxBytes } },
  );
}

/** Reads what `encodeContents` wrote, and nothing else. Throws `UnreadableRecord`. */
export function decodeContents(header: string, data: Uint8Array, codec: Codec): RecordContents {
  if (!header.startsWith(`1;${codec.name};-;-;`)) {
    throw new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
  }
  try {
    if (data.length > limits.maxBytes) throw new RangeError(`more than ${limits.maxBytes} bytes`);
    const contents = codec.decode(data, limits);
    if (isMeta(contents.meta)) return contents;
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
  throw new UnreadableRecord("a record has no meta");
}

type Unchecked<T> = { readonly [Name in keyof T]?: unknown };

function isMeta(value: unknown): value is Meta {
  if (!isObject<Meta>(value)) return false;
  const { writes, expiry, foreign, rotatedAt, moved, from } = value;
  return (
    typeof writes === "string" &&
    (expiry === undefined || expiry === "browser" || isChosen(expiry)) &&
    (foreign === undefined || Array.isArray(foreign)) &&
    (rotatedAt === undefined || Number.isFinite(rotatedAt)) &&
    (moved === undefined || isMoved(moved)) &&
    (from === undefined || (isObject<NonNullable<Meta["from"]>>(from) && typeof from.id === "string"))
  );
}

function isChosen(expiry: unknown): boolean {
  if (!isObject<{ idle: number; at: number }>(expiry)) return false;
  return Number.isFinite(expiry.idle) || Number.isFinite(expiry.at);
}

function isMoved(moved: unknown): boolean {
  return isObject<Moved>(moved) && (moved.to === null || typeof moved.to === "string");
}

function isObject<T>(value: unknown): value is Unchecked<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
