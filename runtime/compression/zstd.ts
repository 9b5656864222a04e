import { type Compression, type CompressionOptions, resolveCompression } from "./compression.js";
import { loadedZstd, zstdPeer } from "./zstd-engine.js";
import { zstdContentSize } from "./zstd-frame.js";

/**
 * Zstandard (RFC 8878): by Node itself from 22.15 on, else by the package `@bokuweb/zstd-wasm`. Levels from 1 to 19, 3
 * when left out. Throws `SessionError` `"config"` for options that are out of range.
 */
export function zstd(options: CompressionOptions = {}): Compression {
  const { threshold, level } = resolveCompression("zstd", options, { least: 1, most: 19, usual: 3 });
  return {
    algorithm: "zstd",
    threshold,
    compress: (bytes) => loadedZstd().compress(bytes, level),
    inflate(bytes, maxBytes) {
      // Asked before any decoder, which would take what memory the frame claims.
      const size = zstdContentSize(bytes, maxBytes);
      const inflated = loadedZstd().decompress(bytes, size);
      if (inflated.length !== size) throw new RangeError("a wrong content size");
      return inflated;
    },
    ...(zstdPeer !== undefined && { peer: zstdPeer }),
  };
}
