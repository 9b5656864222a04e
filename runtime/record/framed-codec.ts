import { isUtf8 } from "node:buffer";
import type { Codec, DecodeLimits } from "./codec.js";
import type { Meta, RecordContents } from "./contents.js";
import type { WireFields } from "./shape.js";

/** A codec of the fields alone, for formats that have no place for the meta. Otherwise as `Codec`. */
export interface FieldsCodec {
  readonly name: string;
  encode(fields: WireFields): Uint8Array;
  /** The fields as own properties; `isChecked` as in `RecordContents`. Throws as `Codec.decode` does. */
  decode(bytes: Uint8Array, limits: DecodeLimits): Omit<RecordContents, "meta">;
  readonly readsShape?: (shapeHash: string) => boolean;
}

/**
 * The codec of whole records, which puts the meta before the fields: a byte that is its length, and the write ids as
 * they are when it holds nothing else; or 255, its length in four bytes, the lowest first, and JSON.
 */
export function framedCodec({ name, encode, decode, readsShape }: FieldsCodec): Codec {
  return {
    name,
    ...(readsShape !== undefined && { readsShape }),
    encode: ({ meta, fields }) => frame(meta, encode(fields)),
    decode(bytes, limits) {
      if (bytes.length > limits.maxBytes) throw new RangeError(`more than ${limits.maxBytes} bytes`);
      const { meta, end } = readFrame(bytes);
      return { meta, ...decode(bytes.subarray(end), limits) };
    },
  };
}

const jsonMark = 255;
const longestWrites = 254;

/** The bytes with the meta before them. */
function frame(meta: Meta, bytes: Uint8Array): Uint8Array {
  const { writes } = meta;
  if (Object.keys(meta).length === 1 && writes.length <= longestWrites && isAscii(writes)) {
    const start = 1 + writes.length;
    const framed = Buffer.allocUnsafe(start + bytes.length);
    framed[0] = writes.length;
    framed.write(writes, 1, "latin1");
    framed.set(bytes, start);
    return framed;
  }
  const json = Buffer.from(JSON.stringify(meta));
  const head = Buffer.alloc(5);
  head[0] = jsonMark;
  head.writeUInt32LE(json.length, 1);
  return Buffer.concat([head, json, bytes]);
}

/** The meta at the start of a record's bytes, unchecked, and where it ends. */
function readFrame(bytes: Uint8Array): { readonly meta: Meta; readonly end: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = buffer[0];
  if (length === undefined) throw new RangeError("no meta");
  if (length !== jsonMark) {
    const end = 1 + length;
    const writes = buffer.toString("latin1", 1, end);
    if (writes.length !== length || !isAscii(writes)) throw new RangeError("a meta that is not whole");
    return { meta: { writes }, end };
  }
  const end = 5 + buffer.readUInt32LE(1);
  const json = buffer.subarray(5, end);
  if (buffer.length < end || !isUtf8(json)) throw new RangeError("a meta that is not whole");
  return { meta: JSON.parse(json.toString("utf8")), end };
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
