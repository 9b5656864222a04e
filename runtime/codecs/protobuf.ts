import {
  createGeneratedCodec,
  type GeneratedCodec,
  type GeneratedCodecParts,
} from "./wire/generated-codec.js";
import type { Members } from "./wire/message-fields.js";
import { ProtobufReader } from "./wire/protobuf-reader.js";
import { ProtobufWriter } from "./wire/protobuf-writer.js";

export { enumeration } from "./wire/enumeration.js";
export { addExtras, type Extras, readExtra } from "./wire/extras.js";
export * from "./wire/items.js";
export { type Members, memberOf, messageFields, setMember } from "./wire/message-fields.js";
export { isPlainEmail } from "./wire/plain-email.js";
export { isLonger, isShorter } from "./wire/text-length.js";
export { toMembers, toTuple } from "./wire/tuple.js";
export type { ProtobufReader, ProtobufWriter };

/**
 * The codec that a generated `codec.ts` is made of, in the protobuf wire format of its `session.proto`. It reads what
 * every version of the shape wrote.
 */
export function protobufCodec<Data extends object>(
  parts: GeneratedCodecParts<ProtobufReader, ProtobufWriter>,
): GeneratedCodec<Data> {
  const { read, write } = parts;
  return createGeneratedCodec(
    { name: "protobuf", Reader: ProtobufReader, Writer: ProtobufWriter },
    {
      ...parts,
      read(reader, end) {
        const fields = read(reader, end);
        reader.runs.giveTo(fields as Members, reader.bytes);
        return fields;
      },
      write(writer, fields) {
        writer.beginWith(fields);
        write(writer, fields);
      },
    },
  );
}
