import { SessionError } from "../session-error.js";
import type { Codec, DecodeLimits } from "./codec.js";
import type { WireFields } from "./shape.js";

/** What the runtime keeps beside the fields, in the same record. Never part of the shape. */
export interface Meta {
  /** The ids of the last eight writes, newest last, eight characters each: by them a write whose answer was lost is found. */
  readonly writes: string;
  /** The expiry chosen for this session, when it is not the kind's. Milliseconds. */
  readonly expiry?: { readonly idle: number } | { readonly at: number } | "browser";
  /** Epoch milliseconds of the last change of key. */
  readonly rotatedAt?: number;
  /** This record has no session any more; see `Moved`. */
  readonly moved?: Moved;
  /** The moved record that still leads here, to be retired once this key is presented. */
  readonly from?: { readonly id: string; readonly revision: number };
}

/** Where the session of a record went when its key changed or it ended. */
export interface Moved {
  /** The id of the record that took its place; `null` when the session has ended. */
  readonly to: string | null;
  /** The new key, sealed under the old one, so that a lost response repairs itself. */
  readonly key?: string;
  /** Epoch milliseconds from which the old key may follow. */
  readonly usableFrom?: number;
}

/** The contents of a record, as opposed to its place and its times. */
export interface RecordContents {
  readonly meta: Meta;
  readonly fields: WireFields;
}

/** A record cannot be read: unknown layout, damaged bytes, more than the limits allow. `reason` holds no data. */
export class UnreadableRecord extends Error {
  constructor(reason: string, options?: { cause: unknown }) {
    super(reason, options);
    this.name = "UnreadableRecord";
  }
}

const limits: DecodeLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 };
const separator = Buffer.from(',"fields":');
const opening = '{"meta":';

/** The plain header: layout, codec, compression, encryption key id and shape hash. `-` is none. */
export function toHeader(codec: Codec, shapeHash: string): string {
  return `1;${codec.name};-;-;${shapeHash}`;
}

/** The hash of the shape version that wrote a record. */
export function shapeHashOf(header: string): string {
  return header.slice(header.lastIndexOf(";") + 1);
}

/** A record's bytes: `{"meta":…,"fields":…}`, one JSON document that a person can read in the store. */
export function encodeContents({ meta, fields }: RecordContents, codec: Codec): Uint8Array {
  const head = Buffer.from(opening + JSON.stringify(meta) + separator.toString());
  const data = Buffer.concat([head, codec.encode(fields), closing]);
  if (data.length <= limits.maxBytes) return data;
  throw new SessionError(
    "too-large",
    `The session takes ${data.length} bytes; at most ${limits.maxBytes} can be stored.`,
    {
      details: { bytes: data.length, limit: limits.maxBytes },
    },
  );
}

const closing = Buffer.from("}");

/** Reads what `encodeContents` wrote, and nothing else. Throws `UnreadableRecord`. */
export function decodeContents(header: string, data: Uint8Array, codec: Codec): RecordContents {
  const [layout, codecName, compression, encryption] = header.split(";", 4);
  if (layout !== "1" || codecName !== codec.name || compression !== "-" || encryption !== "-") {
    throw new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const split = bytes.indexOf(separator);
  if (bytes.length > limits.maxBytes || split < 0 || bytes[bytes.length - 1] !== closing[0]) {
    throw new UnreadableRecord("a record is truncated or too large");
  }
  try {
    const meta: unknown = JSON.parse(bytes.toString("utf8", opening.length, split));
    const fields = codec.decode(bytes.subarray(split + separator.length, -1), limits);
    return { meta: readMeta(meta), fields };
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
}

function readMeta(value: unknown): Meta {
  if (typeof value === "object" && value !== null && "writes" in value && typeof value.writes === "string") {
    return value as Meta;
  }
  throw new TypeError("no meta");
}
