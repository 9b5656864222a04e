import { adapterFiles } from "./adapter-files.js";
import { codecFiles } from "./codec/codec-file.js";
import type { EmitInput } from "./emit-input.js";
import { indexFile } from "./index-file.js";
import { jsonSchemaFile } from "./json-schema-file.js";
import { sessionFile } from "./session-file.js";
import { sessionsFile } from "./sessions-file.js";
import { shapeFile } from "./shape-file.js";
import type { EmittedFile } from "./source-file.js";
import { validateFile } from "./validate-file.js";

/** Everything in the output folder. */
export function emitOutput(input: EmitInput): readonly EmittedFile[] {
  return [
    indexFile(input),
    sessionFile(input),
    sessionsFile(input),
    shapeFile(input),
    validateFile(input),
    ...codecFiles(input),
    ...adapterFiles(input),
    jsonSchemaFile(input),
  ];
}
