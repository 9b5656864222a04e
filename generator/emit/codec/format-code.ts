import type { CodecName } from "../../model/model.js";
import { bincodeCode } from "../bincode/bincode-code.js";
import type { EmitInput } from "../emit-input.js";
import type { PrintableObject } from "../literal.js";
import type { CodecCode } from "./codec-code.js";
import type { Message } from "./message-part.js";
import { protobufCode } from "./protobuf-code.js";

/** How a format that is generated for a schema is written as code. */
export interface FormatCode {
  /** Its name, which is that of the module with its primitives, and with `Codec` behind it that of the factory there. */
  readonly name: CodecName;
  /** What of the module generated code may call. */
  readonly functions: readonly string[];
  /** Types of the module that every generated codec names. */
  readonly types: readonly string[];
  /** The comment of `codec`. */
  readonly about: string;
  /** Adds everything that reads and writes a session. */
  addSession(code: CodecCode, session: Message, input: EmitInput): SessionCode;
}

/** The functions that read and write a session. */
export interface SessionCode {
  readonly read: string;
  readonly write: string;
  /** What the factory of this format is told besides. */
  readonly others?: PrintableObject;
}

const formats: readonly FormatCode[] = [bincodeCode, protobufCode];

/** The code of a format; `undefined` for one that needs none. */
export function formatCodeOf(codec: CodecName): FormatCode | undefined {
  return formats.find(({ name }) => name === codec);
}
