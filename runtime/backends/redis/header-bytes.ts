import { NONE, parseHeader, toHeader } from "../../record/record.js";

/**
 * A record's header in less than half its length: a byte that names its codec and compression, the eight bytes of its
 * shape's hash, then its key, if any, and its kind as text. One that the runtime does not write so stands whole behind a byte 0.
 */
export function toHeaderBytes(header: string): Buffer {
  if (header !== lastWritten.header) lastWritten = { header, bytes: shortened(header) ?? whole(header) };
  return lastWritten.bytes;
}

/** What `toHeaderBytes` wrote, from one byte of a value to another; `null` for anything else. */
export function fromHeaderBytes(value: Buffer, start: number, end: number): string | null {
  const text = value.toString("latin1", start, end);
  if (text !== lastRead.text) lastRead = { text, header: expanded(value.subarray(start, end)) };
  return lastRead.header;
}

/** Most records have the header of the one before. */
let lastWritten: { readonly header: string; readonly bytes: Buffer } = { header: "", bytes: Buffer.of(0) };
let lastRead: { readonly text: string; readonly header: string | null } = { text: "", header: null };

/** Stored by their places: others may only come behind the last. */
const codecs = ["json", "protobuf", "msgpack", "cbor", "bincode"];
const compressions = [NONE, "brotli", "gzip", "zstd"];

const hashLength = 8;

function shortened(header: string): Buffer | null {
  const parts = parseHeader(header);
  if (parts === null || !/^[\da-f]{16}$/.test(parts.shapeHash)) return null;
  const { keyId, kind } = parts;
  const [codec, compression] = [codecs.indexOf(parts.codec), compressions.indexOf(parts.compression)];
  if (codec < 0 || compression < 0) return null;
  const first = Buffer.of(1 + codec * compressions.length + compression);
  const rest = Buffer.from(keyId === NONE ? kind : `${keyId};${kind}`);
  return Buffer.concat([first, Buffer.from(parts.shapeHash, "hex"), rest]);
}

function whole(header: string): Buffer {
  return Buffer.concat([Buffer.of(0), Buffer.from(header)]);
}

function expanded(bytes: Buffer): string | null {
  const [first = 0] = bytes;
  if (first === 0) return bytes.toString("utf8", 1);
  const codec = codecs[Math.floor((first - 1) / compressions.length)];
  const compression = compressions[(first - 1) % compressions.length];
  if (codec === undefined || compression === undefined || bytes.length <= hashLength) return null;
  const [kind = "", keyId = NONE] = bytes
    .toString("utf8", 1 + hashLength)
    .split(";")
    .reverse();
  return toHeader({ codec, compression, keyId, shapeHash: bytes.toString("hex", 1, 1 + hashLength), kind });
}
