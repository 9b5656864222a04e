import type { Settings } from "../../model/model.js";
import { bincodeFile } from "../bincode/bincode-file.js";
import type { EmitInput } from "../emit-input.js";
import type { EmittedFile } from "../source-file.js";
import { codecFile } from "./codec-file.js";
import { protoFile } from "./proto-file.js";

/** The codecs that are generated for each schema, with what prints their files. */
const ownCodecs: Readonly<
  Partial<Record<Settings["codec"], readonly ((input: EmitInput) => EmittedFile)[]>>
> = {
  bincode: [bincodeFile],
  protobuf: [codecFile, protoFile],
};

/** Whether records are written by the `codec.ts` of the schema. */
export function hasOwnCodec(codec: Settings["codec"]): boolean {
  return Object.hasOwn(ownCodecs, codec);
}

/** The `codec.ts` of the schema, and what else belongs to it; nothing for other codecs. */
export function ownCodecFiles(input: EmitInput): readonly EmittedFile[] {
  const printers = ownCodecs[input.model.settings.codec] ?? [];
  return printers.map((print) => print(input));
}
