import type { Codec } from "../types/codec.js";
import { BincodeReader } from "./wire/bincode-reader.js";
import { BincodeWriter } from "./wire/bincode-writer.js";
import {
  createGeneratedCodec,
  type GeneratedCodec,
  type GeneratedCodecParts,
} from "./wire/generated-codec.js";

export { enumeration } from "./wire/enumeration.js";
export { setMember } from "./wire/message-fields.js";
export { isPlainEmail } from "./wire/plain-email.js";
export { isShorter } from "./wire/text-length.js";
export type { BincodeReader, BincodeWriter };

/** What generated code says about a shape in bincode. */
export interface BincodeParts extends GeneratedCodecParts<BincodeReader, BincodeWriter> {
  /** The only shape that is read: its layout has no place for what another one wrote. */
  readonly shapeHash: string;
}

/** The codec of a shape in bincode 2, standard configuration. It keeps nothing that other versions of the shape know. */
export function bincodeCodec<Data extends object>({
  shapeHash,
  ...parts
}: BincodeParts): GeneratedCodec<Data> {
  const format = {
    name: "bincode",
    Reader: BincodeReader,
    Writer: BincodeWriter,
    readsShape: (hash: string) => hash === shapeHash,
  };
  const { codec, ...rest } = createGeneratedCodec<Data, BincodeReader, BincodeWriter>(format, parts);
  return { codec: withoutForeignFields(codec), ...rest };
}

/** Fields that this version refuses came with another codec, before the schema chose this one, and may not fit their types. */
function withoutForeignFields(codec: Codec): Codec {
  return {
    ...codec,
    encode({ meta, fields }) {
      const { foreign } = meta;
      if (foreign === undefined) return codec.encode({ meta, fields });
      const own = Object.entries(fields).filter(([name]) => !foreign.includes(name));
      return codec.encode({ meta, fields: Object.fromEntries(own) });
    },
  };
}
