import { isUtf8 } from "node:buffer";
import { isBareMeta, type Meta } from "../../record/contents.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { damaged } from "./damaged.js";

/**
 * Writes the meta, for formats that have no place for it, before the fields: a byte that is its length, and the write
 * ids as they are when it holds nothing else; or 255, its length in four bytes, the lowest first, and JSON.
 */
export function writeFrame(writer: ByteWriter, meta: Meta): void {
  if (isBareMeta(meta) && writer.shortText(meta.writes)) return;
  writer.reserve(headBytes);
  const head = writer.position;
  writer.position += headBytes;
  writer.utf8(JSON.stringify(meta));
  writer.bytes[head] = jsonMark;
  writer.bytes.writeUInt32LE(writer.position - head - headBytes, head + 1);
}

/** Reads the meta, unchecked, as `writeFrame` writes it. Throws for what is none. */
export function readFrame(reader: ByteReader): Meta {
  const { bytes } = reader;
  const [length] = bytes;
  if (length === undefined) throw damaged("no meta");
  reader.advance(1);
  if (length !== jsonMark) {
    const writes = reader.text(length);
    // Write ids are ASCII.
    if (writes.length !== length) throw damaged("a meta that is not whole");
    return { writes };
  }
  const start = reader.advance(4);
  const json = bytes.subarray(start, reader.advance(bytes.readUInt32LE(start - 4)));
  if (!isUtf8(json)) throw damaged("a meta that is not whole");
  return JSON.parse(json.toString("utf8"));
}

const jsonMark = 255;
const headBytes = 5;
