import type { SessionRecord } from "../backends/backend.js";
import type { Codec } from "./codec.js";
import type { RecordContents } from "./contents.js";
import { assertWithinLimits, recordLimits } from "./limits.js";
import { isMeta, NONE, parseHeader, type RecordHeader, toHeader, UnreadableRecord } from "./record.js";

/** What of a record depends on its format. */
export type FormattedRecord = Pick<SessionRecord, "id" | "header" | "data">;

/** How the records of one kind are written now, and what else of them can be read. */
export interface RecordFormat {
  /** Writes the fields of records from now on. */
  readonly codec: Codec;
  /** Loads what its codecs are made of; awaited before anything is written or read. Left out where there is nothing. */
  readonly prepare?: () => Promise<void>;
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
  const prepare = joinPreparations([...codecs.values()]);
  return {
    codec,
    ...(prepare !== undefined && { prepare }),
    encode(contents, id) {
      const data = codec.encode(contents);
      assertWithinLimits(contents, data.length);
      return { id, header: presentHeader, data };
    },
    decode(record) {
      const parts = partsOf(record.header);
      const writer = parts === null ? undefined : codecs.get(parts.codec);
      if (parts === null || writer === undefined || !isReadable(parts, writer)) throw unknown(record);
      return decodeContents(record.data, writer);
    },
  };
}

/** One preparation of all codecs, done once; tried again when it failed. */
function joinPreparations(codecs: readonly Codec[]): RecordFormat["prepare"] {
  const steps = codecs.flatMap(({ prepare }) => prepare ?? []);
  if (steps.length === 0) return undefined;
  let isDone = false;
  return async () => {
    if (isDone) return;
    await Promise.all(steps.map((step) => step()));
    isDone = true;
  };
}

function isReadable({ compression, keyId, shapeHash }: RecordHeader, codec: Codec): boolean {
  return compression === NONE && keyId === NONE && codec.readsShape?.(shapeHash) !== false;
}

function decodeContents(data: Uint8Array, codec: Codec): RecordContents {
  try {
    const { maxBytes } = recordLimits;
    if (data.length > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    const contents = codec.decode(data, recordLimits);
    if (isMeta(contents.meta)) return contents;
  } catch (error) {
    throw new UnreadableRecord("a record's bytes are damaged", { cause: error });
  }
  throw new UnreadableRecord("a record has no meta");
}

function unknown({ header }: FormattedRecord): UnreadableRecord {
  return new UnreadableRecord(`a record with the header "${header.slice(0, 60)}" is not readable here`);
}
