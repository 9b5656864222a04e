import type { SessionRecord } from "../backends/backend.js";
import type { Codec } from "./codec.js";
import type { Compression } from "./compression.js";
import { createCompressor } from "./compressor.js";
import type { RecordContents } from "./contents.js";
import { assertWithinLimits, recordLimits } from "./limits.js";
import { isMeta, NONE, parseHeader, type RecordHeader, toHeader, UnreadableRecord } from "./record.js";

/** What of a record depends on its format. */
export type FormattedRecord = Pick<SessionRecord, "id" | "header" | "data">;

/** How the records of one kind are written now, and what else of them can be read. */
export interface RecordFormat {
  /** Writes the fields of records from now on. */
  readonly codec: Codec;
  /** Whether everything that reading and writing need is loaded. */
  isReady(): boolean;
  /** Loads it; before that nothing is compressed. Rejects with `SessionError` `"config"` when something is not installed. */
  ready(): Promise<void>;
  /** The header and bytes of a record to be kept under this id. Throws `SessionError` `"too-large"`. */
  encode(contents: RecordContents, id: string): FormattedRecord;
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
}

/** The format of a kind's records: encrypt(compress(codec(meta ‖ fields))), each step named in the header. */
export function createRecordFormat(parts: RecordFormatParts): RecordFormat {
  const { kind, shapeHash, codec, formerCodecs = [], compression } = parts;
  const compressor = createCompressor(compression);
  const codecs = new Map([...formerCodecs, codec].map((known) => [known.name, known]));
  const headers = new Map<string, RecordHeader>();
  let isReady = [...codecs.values()].every(isLoaded);
  const headerFor = (algorithm: string): string => {
    const header = { codec: codec.name, compression: algorithm, keyId: NONE, shapeHash, kind };
    const text = toHeader(header);
    headers.set(text, header);
    return text;
  };
  return {
    codec,
    isReady: () => isReady && compressor.isReady(),
    async ready() {
      await compressor.ready();
      if (isReady) return;
      await codec.peer?.load();
      // As with compressions: what only wrote records in former times may be gone from the app by now.
      await Promise.allSettled(formerCodecs.map((former) => former.peer?.load()));
      isReady = true;
    },
    encode(contents, id) {
      const encoded = codec.encode(contents);
      assertWithinLimits(contents, encoded.length);
      const { algorithm, bytes } = compressor.compress(encoded);
      return { id, header: headerFor(algorithm), data: bytes };
    },
    decode(record) {
      const header = headers.get(record.header) ?? parseHeader(record.header);
      const writer = header === null ? undefined : codecs.get(header.codec);
      if (header === null || writer === undefined || !isReadable(header, writer)) throw unknown(record);
      if (!compressor.isReadable(header.compression)) throw unknown(record);
      return decodeContents(record.data, (bytes) => {
        const inflated = compressor.inflate({ algorithm: header.compression, bytes }, recordLimits.maxBytes);
        return writer.decode(inflated, recordLimits);
      });
    },
  };
}

function isLoaded({ peer }: Codec): boolean {
  return peer === undefined || peer.isLoaded();
}

function isReadable({ keyId, shapeHash }: RecordHeader, codec: Codec): boolean {
  return keyId === NONE && isLoaded(codec) && codec.readsShape?.(shapeHash) !== false;
}

/** Whatever goes wrong with the bytes, they are damaged; the size is asked before anything is done with them. */
function decodeContents(data: Uint8Array, decode: (bytes: Uint8Array) => RecordContents): RecordContents {
  try {
    const { maxBytes } = recordLimits;
    if (data.length > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    const contents = decode(data);
    if (isMeta(contents.meta)) return contents;
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
  throw new UnreadableRecord("a record has no meta");
}

function unknown({ header }: FormattedRecord): UnreadableRecord {
  return new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
}
