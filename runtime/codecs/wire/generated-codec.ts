import { SessionError } from "../../platform/errors.js";
import { assertWithinLimits, recordLimits } from "../../record/limits.js";
import { withShownAppPaths } from "../../record/shown-path.js";
import { createConverter } from "../../record/wire.js";
import type { CheckWire } from "../../types/check-wire.js";
import type { Codec, DecodeLimits } from "../../types/codec.js";
import type { Shape, WireFields } from "../../types/shape.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { damaged } from "./damaged.js";
import { idleOf } from "./idle.js";
import type { Members } from "./message-fields.js";
import { readFrame, writeFrame } from "./record-frame.js";

/** What a generated codec says about itself. */
export interface GeneratedCodecParts<Reader extends ByteReader, Writer extends ByteWriter> {
  readonly shape: Shape;
  /** Whether `read` and `write` know names or members that are stored and that the app's form has not. */
  readonly viaStoredForm?: boolean;
  /** Why data in the app's form is refused. */
  readonly explain: CheckWire;
  /** Reads all bytes of a session. */
  readonly read: (reader: Reader, end: number) => object;
  readonly write: (writer: Writer, members: Members) => void;
}

/** How a format reads and writes. */
export interface WireFormat<Reader extends ByteReader, Writer extends ByteWriter> {
  readonly name: string;
  readonly Reader: new (bytes: Uint8Array, limits: DecodeLimits, isApp: boolean) => Reader;
  readonly Writer: new (isApp: boolean) => Writer;
  readonly readsShape?: (shapeHash: string) => boolean;
}

/** The codec of records, and the functions for whoever holds a session's bytes without a record. */
export interface GeneratedCodec<Data> {
  readonly codec: Codec;
  /** Throws `SessionError` `"invalid"` naming the fields that do not validate. */
  encode(data: Data): Uint8Array;
  /** Throws `SessionError` `"invalid"` for bytes that are damaged or whose data does not validate. */
  decode(bytes: Uint8Array): Data;
}

/** Makes the codec of a shape in a format out of its generated functions. */
export function createGeneratedCodec<
  Data extends object,
  Reader extends ByteReader,
  Writer extends ByteWriter,
>(format: WireFormat<Reader, Writer>, parts: GeneratedCodecParts<Reader, Writer>): GeneratedCodec<Data> {
  const { shape, explain, read, write, viaStoredForm = false } = parts;
  const explainShown = withShownAppPaths(explain, shape);
  const { name, readsShape } = format;
  const assertValid = (data: unknown): void => {
    const problems = explainShown(data);
    if (problems.length === 0) return;
    const what = problems.map((problem) => `${problem.path} ${problem.message}`).join("; ");
    throw new SessionError("invalid", `The session does not validate: ${what}.`, {
      details: { fields: [...new Set(problems.map((problem) => problem.field))] },
    });
  };
  const readers = idleOf(format.Reader);
  const writers = idleOf(format.Writer);
  const codec: Codec = {
    name,
    ...(readsShape !== undefined && { readsShape }),
    encode({ meta, fields }) {
      const writer = writers.begin(false);
      writeFrame(writer, meta);
      write(writer, fields);
      const bytes = writer.finish();
      writers.end(writer);
      return bytes;
    },
    decode(bytes, limits) {
      if (bytes.length > limits.maxBytes) throw damaged(`more than ${limits.maxBytes} bytes`);
      const reader = readers.begin(bytes, limits, false);
      const meta = readFrame(reader);
      const fields = read(reader, bytes.length) as WireFields;
      const isChecked = reader.isSure;
      reader.release();
      readers.end(reader);
      return { meta, fields, isChecked };
    },
  };
  if (viaStoredForm) return { codec, ...renamedForms(format, parts, assertValid) };
  return {
    codec,
    encode(data) {
      const writer = writers.begin(true);
      write(writer, data as Members);
      if (!writer.isSure) assertValid(data);
      const bytes = writer.finish();
      writers.end(writer);
      assertWithinLimits({ meta: noMeta, fields: data as WireFields }, bytes.length);
      return bytes;
    },
    decode(bytes) {
      const reader = readers.begin(bytes, recordLimits, true);
      const data = readAll(read, reader, name);
      if (!reader.isSure) assertValid(data);
      reader.release();
      readers.end(reader);
      return data as Data;
    },
  };
}

/** Generated functions know what is stored, so that the app's form goes by way of the stored one. */
function renamedForms<Data extends object, Reader extends ByteReader, Writer extends ByteWriter>(
  format: WireFormat<Reader, Writer>,
  { shape, read, write }: GeneratedCodecParts<Reader, Writer>,
  assertValid: (data: unknown) => void,
): Pick<GeneratedCodec<Data>, "encode" | "decode"> {
  const converter = createConverter({ object: shape });
  return {
    encode(data) {
      assertValid(data);
      const fields = converter.toWire(data, format.name) as WireFields;
      const writer = new format.Writer(false);
      write(writer, fields);
      const bytes = writer.finish();
      assertWithinLimits({ meta: noMeta, fields }, bytes.length);
      return bytes;
    },
    decode(bytes) {
      const reader = new format.Reader(bytes, recordLimits, false);
      const data = readAll(
        (from: Reader, end) => converter.fromWire(read(from, end) as WireFields) as object,
        reader,
        format.name,
      );
      assertValid(data);
      return data as Data;
    },
  };
}

const noMeta = { writes: "" };

function readAll<Reader extends ByteReader>(
  read: (reader: Reader, end: number) => object,
  reader: Reader,
  format: string,
): object {
  try {
    return read(reader, reader.bytes.length);
  } catch (cause) {
    throw new SessionError("invalid", `These bytes are no session in ${format}.`, { cause });
  }
}
