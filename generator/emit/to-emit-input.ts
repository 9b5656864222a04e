import { basename } from "node:path";
import { indexHistory } from "../history/index-history.js";
import { lineageOf } from "../history/lineage.js";
import type { NextVersion } from "../history/next-version.js";
import { knownNumbers } from "../history/numbers.js";
import { toFieldModel } from "../history/to-field-model.js";
import type { Model } from "../model/model.js";
import { withStoredNames } from "../model/stored-names.js";
import type { EmitInput } from "./emit-input.js";
import { importStyle } from "./import-style.js";
import { kindNames } from "./kind-names.js";
import { upgradePath } from "./upgrade/upgrade-path.js";

/** A schema, and the folder that its output goes to. */
export interface EmittedSchema {
  readonly model: Model;
  readonly schemaFile: string;
  readonly output: string;
}

/** What emitters are given of a schema and its history. */
export function toEmitInput(
  { model, schemaFile, output }: EmittedSchema,
  { file, head, columns, formerTables, formerCodecs }: NextVersion,
): EmitInput {
  return {
    model: withStoredNames(model, head.fields.map(toFieldModel)),
    names: kindNames(model.name),
    schemaFile: basename(schemaFile),
    extension: model.settings.importExtension ?? importStyle(schemaFile),
    shapeHash: head.shape,
    numbers: knownNumbers(file),
    lineage: lineageOf(file),
    versions: file.versions,
    upgradePath: upgradePath(schemaFile, model.settings.upgrade, output),
    formerCodecs,
    columns,
    formerTables,
    indexes: indexHistory(file),
  };
}
