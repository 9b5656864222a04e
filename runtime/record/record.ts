import { SessionError } from "../session-error.js";
import type { Codec, DecodeLimits } from "./codec.js";
import type { Meta, RecordContents } from "./contents.js";

/** A record cannot be read: unknown layout, damaged bytes, more than the limits allow. `reason` holds no data. */
export class UnreadableRecord extends Error {
  constructor(reason: string, options?: { cause: unknown }) {
    super(reason, options);
    this.name = "UnreadableRecord";
  }
}

const limits: DecodeLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 };

/** The plain header: layout, codec, compression, encryption key id and shape hash. `-` is none. */
export function toHeader(codec: Codec, shapeHash: string): string {
  return `1;${codec.name};-;-;${shapeHash}`;
}

/** The hash of the shape version that wrote a record. */
export function shapeHashOf(header: string): string {
  return header.slice(header.lastIndexOf(";") + 1);
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

function isMeta(value: unknown): value is Meta {
  return typeof value === "object" && value !== null && "writes" in value && typeof value.writes === "string";
}
