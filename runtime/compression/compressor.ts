import { NONE } from "../record/record.js";
import { brotli } from "./brotli.js";
import type { Compression } from "./compression.js";
import { gzip } from "./gzip.js";
import { zstd } from "./zstd.js";

/** Bytes, and the algorithm that made them smaller, or `-`. */
export interface CompressedBytes {
  readonly algorithm: string;
  readonly bytes: Uint8Array;
}

/** Compresses what is written now, and inflates what any known algorithm compressed. */
export interface Compressor {
  /** Whether there is nothing more to be loaded. */
  isReady(): boolean;
  /** Loads what the algorithms need. Rejects with `SessionError` `"config"` when that of the present one is not installed. */
  ready(): Promise<void>;
  /** As they are, unless compression is on, ready, and makes them smaller. */
  compress(bytes: Uint8Array): CompressedBytes;
  /** Whether this algorithm, or `-`, can be undone here. */
  isReadable(algorithm: string): boolean;
  /** Throws when the bytes are not exactly what was compressed, or more than `maxBytes` or an unlikely ratio comes out. */
  inflate(compressed: CompressedBytes, maxBytes: number): Uint8Array;
}

/** A compressor that writes with this compression, or with none. */
export function createCompressor(present?: Compression): Compressor {
  const known = new Map<string, Compression>([brotli(), gzip(), zstd()].map((one) => [one.algorithm, one]));
  if (present !== undefined) known.set(present.algorithm, present);
  const isLoaded = ({ peer }: Compression): boolean => peer === undefined || peer.isLoaded();
  let isReady = [...known.values()].every(isLoaded);
  return {
    isReady: () => isReady,
    async ready() {
      if (isReady) return;
      await present?.peer?.load();
      // What only wrote records in former times may be gone from the app by now, and should be from its store too.
      await Promise.allSettled([...known.values()].map((former) => former.peer?.load()));
      isReady = true;
    },
    compress(bytes) {
      const plain = { algorithm: NONE, bytes };
      if (present === undefined || bytes.length < present.threshold || !isLoaded(present)) return plain;
      const compressed = present.compress(bytes);
      const isWorthIt = compressed.length < bytes.length && bytes.length <= largestInflated(compressed);
      return isWorthIt ? { algorithm: present.algorithm, bytes: compressed } : plain;
    },
    isReadable(algorithm) {
      const compression = known.get(algorithm);
      return compression === undefined ? algorithm === NONE : isLoaded(compression);
    },
    inflate({ algorithm, bytes }, maxBytes) {
      const compression = known.get(algorithm);
      if (compression === undefined) return bytes;
      return onItsOwn(compression.inflate(bytes, Math.min(maxBytes, largestInflated(bytes))));
    },
  };
}

/** Decoders give a part of a larger piece of memory, all of which would stay for as long as anybody keeps the part. */
function onItsOwn(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > 2 * bytes.length ? new Uint8Array(bytes) : bytes;
}

/** Data of sessions shrink to a tenth perhaps. What claims much more than that is a bomb, unless it is small anyway. */
const largestRatio = 200;
const smallSize = 64 * 1024;

function largestInflated({ length }: Uint8Array): number {
  return Math.max(smallSize, length * largestRatio);
}
