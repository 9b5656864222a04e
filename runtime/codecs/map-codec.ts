import { SessionError } from "../platform/errors.js";
import { isContents } from "../record/contents.js";
import { recordLimits } from "../record/limits.js";
import { byStoredName } from "../record/wire-fields.js";
import type { Codec, DecodeLimits } from "../types/codec.js";
import type { Shape, WireFields, WireValue } from "../types/shape.js";
import type { WhenNaN } from "./byte-scan.js";

/** What a codec needs of a library, for a format of self-describing maps. */
export interface MapLibrary {
  /** May answer a view into memory that the next call writes over. Objects become maps; NaN takes eight bytes. */
  encode(value: unknown): Uint8Array;
  /** Maps are `Map`, so that no name means anything but itself. */
  decode(bytes: Uint8Array): unknown;
}

/** A format of self-describing maps. */
export interface MapFormat {
  readonly name: string;
  readonly load: () => Promise<MapLibrary>;
  /** Throws unless the bytes are one value of what a record can hold. The library, which is lenient, reads only those. */
  readonly assertStrict: (bytes: Uint8Array, limits: DecodeLimits, whenNaN?: WhenNaN) => void;
  /** What the library writes for a bigint; left out where there are none in what it is given. */
  readonly toBignum?: (value: bigint) => unknown;
}

/**
 * A codec of maps, which every decoder of the format reads: `{ meta, fields }`, the fields in the order of the shape
 * and then those that it does not know. Nothing of the library's own is used: no records, structures or extensions.
 */
export function mapCodec(shape: Shape, format: MapFormat): Codec {
  const names = [...byStoredName(shape).keys()];
  let library: MapLibrary | undefined;
  const loaded = (): MapLibrary => {
    if (library !== undefined) return library;
    throw new SessionError("config", `The ${format.name} codec is not loaded yet. Await ready() first.`);
  };
  return {
    name: format.name,
    peer: {
      isLoaded: () => library !== undefined,
      load: async () => {
        library ??= await format.load();
      },
    },
    encode({ meta, fields }) {
      const bytes = new Uint8Array(
        loaded().encode({ meta, fields: toWritable(inOrder(fields, names), format) }),
      );
      if (holdsNegativeZero(fields)) restoreNegativeZeros(bytes, format);
      return bytes;
    },
    decode(bytes, limits) {
      format.assertStrict(bytes, limits);
      // A view of its own: libraries leave things of theirs on what they are given.
      const contents = fromMaps(loaded().decode(bytes.subarray()));
      if (isContents(contents)) return contents;
      throw new TypeError(`not a ${format.name} map with meta and fields`);
    },
  };
}

function inOrder(fields: WireFields, names: readonly string[]): WireFields {
  const ordered: Record<string, WireValue> = Object.create(null);
  for (const name of names) {
    if (Object.hasOwn(fields, name)) ordered[name] = fields[name] as WireValue;
  }
  return Object.assign(ordered, fields);
}

/** Libraries write `-0` as `0`. It goes to them as NaN, which no stored value is, and is put right in the bytes. */
function toWritable(value: WireValue, format: MapFormat): unknown {
  if (Object.is(value, -0)) return Number.NaN;
  if (typeof value === "bigint") return format.toBignum?.(value) ?? value;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: WireValue) => toWritable(item, format));
  const members: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    // What another codec did not find in an object that is refused: libraries would write a type for it.
    if (member !== undefined) members[name] = toWritable(member, format);
  }
  return members;
}

function holdsNegativeZero(value: WireValue): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return Object.is(value, -0);
  return Object.values(value).some(holdsNegativeZero);
}

function restoreNegativeZeros(bytes: Uint8Array, { assertStrict }: MapFormat): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assertStrict(bytes, { ...recordLimits, maxValues: bytes.length }, (offset) => view.setFloat64(offset, -0));
}

/** Plain data of what a library decoded, with objects that have no prototype, and bytes that share no memory with it. */
function fromMaps(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromMaps);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (!(value instanceof Map)) throw new TypeError("a value that no record holds");
  const members: Record<string, unknown> = Object.create(null);
  for (const [name, member] of value) members[name] = fromMaps(member);
  return members;
}
