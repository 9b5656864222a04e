import { randomBytes } from "node:crypto";
import { brotli } from "@session-gen/runtime/compression/brotli";
import { gzip } from "@session-gen/runtime/compression/gzip";
import { zstd } from "@session-gen/runtime/compression/zstd";
import { decompress as decompressBrotli } from "brotli";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compression, CompressionOptions } from "../../../../runtime/compression/compression.js";
import { createCompressor } from "../../../../runtime/compression/compressor.js";

const algorithms = [
  ["brotli", brotli, { least: 0, most: 11 }],
  ["gzip", gzip, { least: 1, most: 9 }],
  ["zstd", zstd, { least: 1, most: 19 }],
] as const;

const MiB = 1024 * 1024;

/** 64 MiB of zeros each, as anybody can make them. */
const bombs: Readonly<Record<string, () => Uint8Array>> = {
  brotli: () =>
    Buffer.from(
      "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c32200ddfbfffcffffc73f0110870500baf7ff",
      "hex",
    ),
  gzip: () => gzip({ level: 9 }).compress(new Uint8Array(64 * MiB)),
  zstd: () => zstd().compress(new Uint8Array(64 * MiB)),
};

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc
    .string({ maxLength: 50 })
    .chain((word) =>
      fc.integer({ min: 1, max: 200 }).map((times) => new TextEncoder().encode(word.repeat(times))),
    ),
);

await zstd().peer?.load();

describe.each(algorithms)("%s", (algorithm, create, { least, most }) => {
  const compression: Compression = create();
  const text = new TextEncoder().encode("cart: [socks, socks, shoes] ".repeat(50));
  const compressed = compression.compress(text);

  it("gives back what it was given, at every level", () => {
    for (let level = least; level <= most; level += 1) {
      const { compress, inflate } = create({ level });
      expect(Buffer.from(inflate(compress(text), text.length)).equals(text)).toBe(true);
    }
    fc.assert(
      fc.property(bytes, (some) => {
        const back = compression.inflate(compression.compress(some), 64 * 1024);
        expect(Buffer.from(back).equals(some)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("makes text smaller", () => {
    expect(compressed.length).toBeLessThan(text.length / 5);
  });

  it("leaves alone what would not be smaller", () => {
    const noise = randomBytes(1000);
    expect(createCompressor(create({ threshold: 0 })).compress(noise)).toEqual({
      algorithm: "-",
      bytes: noise,
    });
  });

  it("leaves alone what has fewer than 512 bytes, unless told otherwise", () => {
    const algorithmOf = (length: number, options?: CompressionOptions): string =>
      createCompressor(create(options)).compress(text.subarray(0, length)).algorithm;
    expect([511, 512].map((length) => algorithmOf(length))).toEqual(["-", algorithm]);
    expect([255, 256].map((length) => algorithmOf(length, { threshold: 256 }))).toEqual(["-", algorithm]);
  });

  it("takes no more than the limit, to the byte", () => {
    expect(compression.inflate(compressed, text.length).length).toBe(text.length);
    expect(() => compression.inflate(compressed, text.length - 1)).toThrow(RangeError);
  });

  it("refuses a stream that is cut anywhere, and bytes or another stream behind or before it", () => {
    for (let length = 0; length < compressed.length; length += 1) {
      expect(() => compression.inflate(compressed.subarray(0, length), MiB), `${length} bytes`).toThrow();
    }
    const empty = compression.compress(new Uint8Array());
    const more = [
      [compressed, Uint8Array.of(0)],
      [compressed, compressed],
      [compressed, empty],
      [empty, compressed],
    ];
    for (const parts of more) expect(() => compression.inflate(Buffer.concat(parts), MiB)).toThrow();
  });

  it("reads 10,000 mutations as bytes within the limit, or refuses them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(compressed.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const changed = Uint8Array.from(compressed);
          for (const [at, mask] of changes) changed[at] = (changed[at] ?? 0) ^ mask;
          expect(lengthOf(() => compression.inflate(changed, 4096))).toBeLessThanOrEqual(4096);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("stops a bomb of 64 MiB before its memory is spent", () => {
    const bomb = bombs[algorithm]?.() ?? new Uint8Array();
    const before = process.memoryUsage.rss();
    const compressor = createCompressor(compression);
    expect(() => compressor.inflate({ algorithm, bytes: bomb }, 4 * MiB)).toThrow();
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * MiB);
  });

  it("takes nothing that shrank more than 200 times, though it would be within the limit, and writes nothing that did", () => {
    const zeros = new Uint8Array(MiB);
    const bomb = create({ level: most }).compress(zeros);
    expect(zeros.length).toBeGreaterThan(200 * bomb.length);
    const compressor = createCompressor(create({ level: most }));
    expect(() => compressor.inflate({ algorithm, bytes: bomb }, 4 * MiB)).toThrow();
    expect(compressor.compress(zeros).algorithm).toBe("-");
  });

  it("refuses levels and thresholds that there are not", () => {
    const wrong: readonly CompressionOptions[] = [
      { level: least - 1 },
      { level: most + 1 },
      { level: 1.5 },
      { level: Number.NaN },
      { threshold: -1 },
      { threshold: 0.5 },
      { threshold: Number.POSITIVE_INFINITY },
    ];
    for (const options of wrong)
      expect(() => create(options)).toThrow(expect.objectContaining({ code: "config" }));
  });
});

it("what brotli wrote is read by a decoder that is not Node's", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 0, max: 11 }),
      (word, level) => {
        const text = Buffer.from(word.repeat(20));
        const read = decompressBrotli(Buffer.from(brotli({ level }).compress(text)));
        expect(Buffer.from(read).equals(text)).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

/** How many bytes come of it; none when it is refused. */
function lengthOf(inflate: () => Uint8Array): number {
  try {
    return inflate().length;
  } catch {
    return 0;
  }
}
