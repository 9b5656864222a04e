import type { SessionRecord } from "../backends/backend.js";
import { SessionError } from "../session-error.js";
import type { Codec, DecodeLimits } from "./codec.js";
import type { RecordContents } from "./contents.js";
import { isMeta, NONE, parseHeader, type RecordHeader, toHeader, UnreadableRecord } from "./record.js";

/** What of a record depends on its format. */
export type FormattedRecord = Pick<SessionRecord, "id" | "header" | "data">;

/** How the records of one kind are written now, and what else of them can be read. */
export interface RecordFormat {
  /** Writes the fields of records from now on. */
  readonly codec: Codec;
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
}

const limits: DecodeLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 128 };

/** The format of a kind's records: encrypt(compress(codec(meta ‖ fields))), each step named in the header. */
export function createRecordFormat({
  kind,
  shapeHash,
  codec,
  formerCodecs = [],
}: RecordFormatParts): RecordFormat {
  const present: RecordHeader = {
    codec: codec.name,
    compression: NONE,
    keyId: NONE,
    shapeHash,
    kind,
  };
  const presentHeader = toHeader(present);
  const codecs = new Map([...formerCodecs, codec].map((known) => [known.name, known]));
  const partsOf = (header: string): RecordHeader | null =>
    header === presentHeader ? present : parseHeader(header);
  return {
    codec,
    encode: (contents, id) => ({ id, header: presentHeader, data: withinLimit(codec.encode(contents)) }),
    decode(record) {
      const parts = partsOf(record.header);
      const writer = parts === null ? undefined : codecs.get(parts.codec);
      if (parts === null || writer === undefined || !isReadable(parts, writer)) throw unknown(record);
      return decodeContents(record.data, writer);
    },
  };
}

function isReadable({ compression, keyId, shapeHash }: RecordHeader, codec: Codec): boolean {
  return compression === NONE && keyId === NONE && codec.readsShape?.(shapeHash) !== false;
}

function decodeContents(data: Uint8Array, codec: Codec): RecordContents {
  try {
    if (data.length > limits.maxBytes) throw new RangeError(`more than ${limits.maxBytes} bytes`);
    const contents = codec.decode(data, limits);
    if (isMeta(contents.meta)) return contents;
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
  throw new UnreadableRecord("a record has no meta");
}

function withinLimit(data: Uint8Array): Uint8Array {
  if (data.length <= limits.maxBytes) return data;
  throw new SessionError(
    "too-large",
    `The session takes ${data.length} bytes; at most ${limits.maxBytes} can be stored.`,
    { details: { bytes: data.length, limit: limits.maxBytes } },
  );
}

function unknown({ header }: FormattedRecord): UnreadableRecord {
  return new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
}
