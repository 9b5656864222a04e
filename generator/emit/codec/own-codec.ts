import type { Settings } from "../../model/model.js";
import { bincodeFile } from "../bincode/bincode-file.js";
import type { EmitInput } from "../emit-input.js";
import type { EmittedFile } from "../source-file.js";
import { codecFile } from "./codec-file.js";

/** The codecs that are generated for each schema, with what prints them. */
const ownCodecs: Readonly<Partial<Record<Settings["codec"], (input: EmitInput) => EmittedFile>>> = {
  bincode: bincodeFile,
  protobuf: codecFile,
};

/** Whether records are written by the `codec.ts` of the schema. */
export function hasOwnCodec(codec: Settings["codec"]): boolean {
  return Object.hasOwn(ownCodecs, codec);
}

/** The `codec.ts` of the schema, when there is one. */
export function ownCodecFiles(input: EmitInput): readonly EmittedFile[] {
  const print = ownCodecs[input.model.settings.codec];
  return print === undefined ? [] : [print(input)];
}
