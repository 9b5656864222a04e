import type { RecordContents } from "../record/contents.js";
import type { FormatPeer } from "./format-peer.js";

/** Bounds that a decoder enforces before it spends memory. */
export interface DecodeLimits {
  /** Bytes of input. */
  readonly maxBytes: number;
  /** Levels of nested arrays and objects. */
  readonly maxDepth: number;
  /** Values in all: elements of arrays and members of objects. */
  readonly maxValues: number;
}

/** Turns the contents of a record, its fields in wire form, into bytes and back. */
export interface Codec {
  /** Written into each record's header. */
  readonly name: string;
  /** What must be loaded before the others can be called; left out where nothing is. */
  readonly peer?: FormatPeer;
  encode(contents: RecordContents): Uint8Array;
  /**
   * Meta and fields, as own properties. Throws when the bytes are not exactly one encoded value within the limits;
   * what the meta holds is for the caller to check.
   */
  decode(bytes: Uint8Array, limits: DecodeLimits): RecordContents;
  /** Whether it reads what another version of the shape wrote; left out where it reads every version. */
  readonly readsShape?: (shapeHash: string) => boolean;
}
