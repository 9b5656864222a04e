import { importPeer } from "../platform/peer.js";
import { maxBigintBytes } from "../record/limits.js";
import type { Codec } from "../types/codec.js";
import type { Shape, WireValue } from "../types/shape.js";
import { fromTwosComplement, isShortest, toTwosComplement } from "./bigint-bytes.js";
import { type MapLibrary, mapCodec } from "./map-codec.js";
import { assertStrictMsgpack } from "./msgpack-scan.js";
import { createFieldForms, type EarlierShape, type StoredForm } from "./stored-form.js";

/**
 * The codec of MessagePack, by msgpackr, in a form that every decoder reads: maps with text names, a bigint as binary
 * in two's complement, the highest byte first, a date as its epoch milliseconds, bytes as binary; `-0` is kept.
 */
export function msgpackCodec(shape: Shape, older: readonly EarlierShape[] = []): Codec {
  const forms = createFieldForms(shape, { bigint: bigintForm }, older);
  const maps = mapCodec(shape, {
    ...{ name: "msgpack", assertStrict: assertStrictMsgpack, load },
    // Those in fields of other versions, as a version that knows the field writes them.
    toBignum: toTwosComplement,
  });
  return {
    ...maps,
    encode: ({ meta, fields }) => maps.encode({ meta, fields: forms.toStored(fields) }),
    decode(bytes, limits) {
      const { meta, fields } = maps.decode(bytes, limits);
      return { meta, fields: forms.fromStored(fields) };
    },
  };
}

async function load(): Promise<MapLibrary> {
  const { Packr } = await importPeer({
    name: "msgpackr",
    option: 'codec: "msgpack"',
    load: () => import("msgpackr"),
  });
  return new Packr(options);
}

/** Integers of eight bytes, which other encoders write, are numbers. */
const options = {
  useRecords: false,
  mapsAsObjects: false,
  variableMapSize: true,
  useToJSON: false,
  int64AsType: "number",
} as const;

const bigintForm: StoredForm = {
  toStored: (wire) => (typeof wire === "bigint" ? toTwosComplement(wire) : wire),
  fromStored: (stored) => (stored instanceof Uint8Array ? fromBytes(stored) : stored),
};

function fromBytes(bytes: Uint8Array): WireValue {
  // One more for the sign.
  return bytes.length > maxBigintBytes + 1 || !isShortest(bytes) ? bytes : fromTwosComplement(bytes);
}
