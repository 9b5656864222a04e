import { importPeer } from "../platform/peer.js";
import type { Codec } from "../types/codec.js";
import type { Shape } from "../types/shape.js";
import { toMagnitude } from "./bigint-bytes.js";
import { assertStrictCbor } from "./cbor-scan.js";
import { type MapLibrary, mapCodec } from "./map-codec.js";

/**
 * The codec of CBOR (RFC 8949), by cbor-x, in a form that every decoder reads: maps with text names, a bigint as a
 * bignum (tags 2 and 3), a date as its epoch milliseconds, bytes as a byte string; `-0` is kept.
 */
export function cborCodec(shape: Shape): Codec {
  let Tag: Bignum | undefined;
  return mapCodec(shape, {
    name: "cbor",
    assertStrict: assertStrictCbor,
    async load() {
      const library = await importPeer({
        name: "cbor-x",
        option: 'codec: "cbor"',
        // Bun and Deno crash in the compiled part, which this entry goes without.
        load: () =>
          "Bun" in globalThis || "Deno" in globalThis ? import("cbor-x/encode") : import("cbor-x"),
      });
      Tag = library.Tag;
      return new library.Encoder(options) satisfies MapLibrary;
    },
    toBignum: (value) =>
      Tag && (value < 0n ? new Tag(toMagnitude(-1n - value), 3) : new Tag(toMagnitude(value), 2)),
  });
}

type Bignum = new (value: unknown, tag: number) => object;

/** Integers of eight bytes, which other encoders write, are numbers: a bigint always has a tag. */
const options = {
  useRecords: false,
  mapsAsObjects: false,
  variableMapSize: true,
  useToJSON: false,
  tagUint8Array: false,
  int64AsNumber: true,
};
