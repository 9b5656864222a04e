import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { type Compression, type CompressionOptions, resolveCompression } from "./compression.js";
import { wholeStream } from "./whole-stream.js";

/**
 * Brotli (RFC 7932), by Node itself. Levels from 0 to 11, 4 when left out: above 9 it takes many times as long for
 * little. Throws `SessionError` `"config"` for options that are out of range.
 */
export function brotli(options: CompressionOptions = {}): Compression {
  const { threshold, level } = resolveCompression("brotli", options, { least: 0, most: 11, usual: 4 });
  return {
    algorithm: "brotli",
    threshold,
    compress: (bytes) =>
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: level,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    inflate(bytes, maxBytes) {
      const bounds = { maxOutputLength: maxBytes, info: true };
      return wholeStream(brotliDecompressSync(bytes, bounds), bytes.length);
    },
  };
}
