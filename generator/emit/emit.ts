import { adapterFiles } from "./adapter-files.js";
import { codecFiles } from "./codec/codec-file.js";
import type { EmitInput } from "./emit-input.js";
import { indexFile } from "./index-file.js";
import { jsonSchemaFile } from "./json-schema-file.js";
import { sessionFile } from "./session-file.js";
import { sessionsFile } from "./sessions-file.js";
import { shapeFile } from "./shape-file.js";
import type { EmittedFile } from "./source-file.js";
import { olderVersionsFile } from "./upgrade/older-versions-file.js";
import { upgradesFile } from "./upgrade/upgrades-file.js";
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
    ...upgradesFile(input),
    ...olderVersionsFile(input),
    jsonSchemaFile(input),
  ];
}
