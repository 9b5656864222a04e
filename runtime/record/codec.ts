import type { WireFields } from "./shape.js";

/** Bounds that a decoder enforces before it spends memory. */
export interface DecodeLimits {
  /** Bytes of input. */
  readonly maxBytes: number;
  /** Levels of nested arrays and objects. */
  readonly maxDepth: number;
}

/** Turns the wire form of a session's fields into bytes and back. */
export interface Codec {
  /** Written into each record's header. */
  readonly name: string;
  encode(fields: WireFields): Uint8Array;
  /** The fields as own properties. Throws when the bytes are not exactly one encoded value within the limits. */
  decode(bytes: Uint8Array, limits: DecodeLimits): WireFields;
}
