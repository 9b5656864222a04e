import { crc32, gzipSync, inflateRawSync } from "node:zlib";
import { type Compression, type CompressionOptions, resolveCompression } from "./compression.js";
import { wholeStream } from "./whole-stream.js";

/**
 * Gzip (RFC 1952), by Node itself. Levels from 1 to 9, 6 when left out. Throws `SessionError` `"config"` for options
 * that are out of range.
 */
export function gzip(options: CompressionOptions = {}): Compression {
  const { threshold, level } = resolveCompression("gzip", options, { least: 1, most: 9, usual: 6 });
  return {
    algorithm: "gzip",
    threshold,
    compress: (bytes) => gzipSync(bytes, { level }),
    inflate,
  };
}

/** Magic number, deflate, no flags, no time; how hard it tried and on which system follow, and say nothing. */
const head = Buffer.from("1f8b080000000000", "hex");
const headBytes = 10;
const trailerBytes = 8;

/** Node's own `gunzip` takes several streams for one, and passes over what comes behind them. */
function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (stream.length < headBytes + trailerBytes || !stream.subarray(0, head.length).equals(head))
    throw new TypeError("not a gzip stream without name and time");
  const deflated = stream.subarray(headBytes, -trailerBytes);
  const bounds = { maxOutputLength: maxBytes, info: true };
  const inflated = wholeStream(inflateRawSync(deflated, bounds), deflated.length);
  if (crc32(inflated) !== stream.readUInt32LE(stream.length - 8)) throw new TypeError("a wrong checksum");
  if (inflated.length !== stream.readUInt32LE(stream.length - 4)) throw new RangeError("a wrong length");
  return inflated;
}
