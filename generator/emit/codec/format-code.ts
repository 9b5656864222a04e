import type { CodecName } from "../../model/model.js";
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
  /** Adds everything that reads and writes a session; the names of the two functions that do. */
  addSession(code: CodecCode, session: Message): { readonly read: string; readonly write: string };
}

const formats: readonly FormatCode[] = [protobufCode];

/** The code of a format; `undefined` for one that needs none. */
export function formatCodeOf(codec: CodecName): FormatCode | undefined {
  return formats.find(({ name }) => name === codec);
}
