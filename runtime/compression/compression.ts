import { SessionError } from "../platform/errors.js";
import type { FormatPeer } from "../types/format-peer.js";

/** One way to make the bytes of records smaller, and back. */
export interface Compression {
  /** Written into the header of each record that it made smaller. */
  readonly algorithm: "brotli" | "gzip" | "zstd";
  /** Bytes below which a record stays as it is. */
  readonly threshold: number;
  /** One complete stream. */
  compress(bytes: Uint8Array): Uint8Array;
  /**
   * What `compress` was given. Throws when the bytes are not exactly one complete stream, and when more than
   * `maxBytes` come out, before more memory than that is spent on them.
   */
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array;
  /** What must be loaded before the other two can be called; left out where nothing is. */
  readonly peer?: FormatPeer;
}

/** Options of every compression. */
export interface CompressionOptions {
  /** Bytes below which nothing is compressed; 512 when left out. */
  readonly threshold?: number;
  /** The more, the smaller and the slower. */
  readonly level?: number;
}

/** The levels of an algorithm: whole numbers from `least` to `most`. */
export interface CompressionLevels {
  readonly least: number;
  readonly most: number;
  /** When none is given. */
  readonly usual: number;
}

/** The options made whole. Throws `SessionError` `"config"` for one that is out of range. */
export function resolveCompression(
  algorithm: Compression["algorithm"],
  { threshold = 512, level }: CompressionOptions,
  { least, most, usual }: CompressionLevels,
): Required<CompressionOptions> {
  if (!Number.isSafeInteger(threshold) || threshold < 0)
    throw refusal(algorithm, "threshold must be a whole number of bytes, 0 or more");
  if (level === undefined) return { threshold, level: usual };
  if (Number.isInteger(level) && level >= least && level <= most) return { threshold, level };
  throw refusal(algorithm, `level must be a whole number from ${least} to ${most}`);
}

function refusal(algorithm: string, problem: string): SessionError {
  return new SessionError("config", `compression: with ${algorithm}, ${problem}.`);
}
