import type { Compression } from "../compression/compression.js";
import { createCompressor } from "../compression/compressor.js";
import type { SessionRecord } from "../types/backend.js";
import type { Codec } from "../types/codec.js";
import type { RecordContents } from "./contents.js";
import {
  createEncryption,
  type Encryption,
  type EncryptionOptions,
  encryptionOverhead,
} from "./encryption.js";
import { hashedIndexes, type IndexedForm, plainIndexes } from "./indexed-form.js";
import { assertWithinLimits, recordLimits } from "./limits.js";
import { isMeta, NONE, parseHeader, type RecordHeader, toHeader, UnreadableRecord } from "./record.js";

/** What of a record depends on its format. */
export type FormattedRecord = Pick<SessionRecord, "id" | "header" | "data">;

/** How the records of one kind are written now, and what else of them can be read. */
export interface RecordFormat {
  /** Writes the fields of records from now on. */
  readonly codec: Codec;
  /** How the values of indexed fields are stored beside the bytes. */
  readonly indexes: IndexedForm;
  /** Whether everything that reading and writing need is loaded. */
  isReady(): boolean;
  /**
   * Loads it, and reads the keys; before that nothing is compressed. Rejects with `SessionError` `"config"` when something
   * is not installed, or a key is missing or weak.
   */
  ready(): Promise<void>;
  /**
   * The header and bytes of a record to be kept under this id; `writtenBy` is the hash of another shape version that
   * wrote the contents. Throws `SessionError` `"too-large"`.
   */
  encode(contents: RecordContents, id: string, writtenBy?: string): FormattedRecord;
  /** Reads what its header says, and never falls back to another way of reading. Throws `UnreadableRecord`. */
  decode(record: FormattedRecord): RecordContents;
}

/** What a format is made of. */
export interface RecordFormatParts {
  readonly kind: string;
  readonly shapeHash: string;
  readonly codec: Codec;
  /** Those that wrote records before the schema chose another. */
  readonly formerCodecs?: readonly Codec[];
  /** Makes records smaller from now on; every other one is read all the same. */
  readonly compression?: Compression | undefined;
  /** Encrypts all of them; then none is read that is not. */
  readonly encryption?: EncryptionOptions | undefined;
}

/** The format of a kind's records: encrypt(compress(codec(meta ‖ fields))), each step named in the header. */
export function createRecordFormat(parts: RecordFormatParts): RecordFormat {
  const { kind, shapeHash, codec, formerCodecs = [] } = parts;
  const compressor = createCompressor(parts.compression);
  const encryption = parts.encryption && createEncryption(kind, parts.encryption);
  const codecs = new Map([...formerCodecs, codec].map((known) => [known.name, known]));
  const parse = createHeaderParser();
  const print = createHeaderPrinter();
  let isReady = [...codecs.values()].every(isLoaded);
  return {
    codec,
    indexes: encryption === undefined ? plainIndexes : hashedIndexes(encryption),
    isReady: () => isReady && compressor.isReady(),
    async ready() {
      encryption?.ready();
      await compressor.ready();
      if (isReady) return;
      await codec.peer?.load();
      // As with compressions: what only wrote records in former times may be gone from the app by now.
      await Promise.allSettled(formerCodecs.map((former) => former.peer?.load()));
      isReady = true;
    },
    encode(contents, id, writtenBy = shapeHash) {
      const encoded = codec.encode(contents);
      assertWithinLimits(contents, encoded.length);
      const { algorithm, bytes } = compressor.compress(encoded);
      const keyId = encryption?.keyId() ?? NONE;
      const header = print({ codec: codec.name, compression: algorithm, keyId, shapeHash: writtenBy, kind });
      return { id, header, data: encryption?.encrypt(bytes, { id, header }) ?? bytes };
    },
    decode(record) {
      const header = parse(record.header);
      const writer = header === null ? undefined : codecs.get(header.codec);
      if (header === null || writer === undefined || !isReadable(header, writer)) throw unknown(record);
      if (!compressor.isReadable(header.compression)) throw unknown(record);
      const plain = decrypted(record, header, encryption);
      return decodeContents(() => {
        const compressed = { algorithm: header.compression, bytes: plain };
        return writer.decode(compressor.inflate(compressed, recordLimits.maxBytes), recordLimits);
      });
    },
  };
}

/** Most records have the header of the one before. */
function createHeaderParser(): (header: string) => RecordHeader | null {
  let last: { readonly text: string; readonly parts: RecordHeader | null } = { text: "", parts: null };
  return (text) => {
    if (text !== last.text) last = { text, parts: parseHeader(text) };
    return last.parts;
  };
}

/** Most records are given the header of the one before, the very same text, which takes the room of one. */
function createHeaderPrinter(): (header: RecordHeader) => string {
  let last: { readonly parts: RecordHeader; readonly text: string } | undefined;
  return (parts) => {
    if (last === undefined || !isSameHeader(last.parts, parts)) last = { parts, text: toHeader(parts) };
    return last.text;
  };
}

function isSameHeader(one: RecordHeader, other: RecordHeader): boolean {
  return (
    one.compression === other.compression && one.keyId === other.keyId && one.shapeHash === other.shapeHash
  );
}

function isLoaded({ peer }: Codec): boolean {
  return peer === undefined || peer.isLoaded();
}

function isReadable({ shapeHash }: RecordHeader, codec: Codec): boolean {
  return isLoaded(codec) && codec.readsShape?.(shapeHash) !== false;
}

/** The bytes as they were compressed. What is not encrypted is not read where everything should be: anybody may have put it there. */
function decrypted(
  record: FormattedRecord,
  { keyId }: RecordHeader,
  encryption: Encryption | undefined,
): Uint8Array {
  const isEncrypted = keyId !== NONE;
  const overhead = isEncrypted ? encryptionOverhead : 0;
  if (record.data.length > recordLimits.maxBytes + overhead)
    throw new UnreadableRecord(`a record has more than ${recordLimits.maxBytes} bytes`);
  if (encryption === undefined) {
    if (isEncrypted) throw new UnreadableRecord("a record is encrypted, and there are no keys");
    return record.data;
  }
  if (!isEncrypted) throw new UnreadableRecord("a record is not encrypted, which all should be");
  if (!encryption.hasKey(keyId))
    throw new UnreadableRecord(`a record's key ${keyId.slice(0, 8)} is not among the keys`);
  const plain = encryption.decrypt(record.data, record);
  if (plain === null) throw new UnreadableRecord("a record's bytes are damaged, or belong to another one");
  return plain;
}

/** Whatever goes wrong, the bytes are damaged. */
function decodeContents(decode: () => RecordContents): RecordContents {
  try {
    const contents = decode();
    if (isMeta(contents.meta)) return contents;
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
  throw new UnreadableRecord("a record has no meta");
}

function unknown({ header }: FormattedRecord): UnreadableRecord {
  return new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
}
