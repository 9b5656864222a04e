import { dirname, resolve } from "node:path";
import { freezeDeep } from "../model/freeze-deep.js";
import type { Model } from "../model/model.js";
import { readFields } from "../model/read-fields.js";
import { refuseCollisions } from "../rules/collisions.js";
import { readSettings } from "../rules/settings.js";
import { SchemaError, type SchemaFault } from "../schema-error.js";
import { type LoadedSchema, loadSchema } from "./load-schema.js";
import { readUpgrades, type UpgradeFile } from "./read-upgrades.js";
import type { SourcePosition } from "./source-node.js";

/** One schema file, loaded, checked and turned into plain data. */
export interface LoadedModel {
  /** The absolute path of the schema file. */
  readonly file: string;
  readonly model: Model;
  /** Absolute paths of the person's own files that were read: the schema and what it imports, packages left out. */
  readonly dependencies: readonly string[];
  /** What converts the values of earlier versions; absent when the schema names no such file. */
  readonly upgrades?: UpgradeFile;
  /** What is likely to be a mistake and hinders nothing. */
  readonly warnings: readonly SchemaFault[];
  /** Where an option of the schema stands, or with more names a part of it; the start of the options without any. */
  positionOf(names: readonly string[]): SourcePosition;
}

/**
 * Loads schema files, in the order given; paths are relative to the working directory unless absolute.
 *
 * @throws SchemaError with the faults of all files, in source order.
 */
export async function loadModels(files: readonly string[]): Promise<readonly LoadedModel[]> {
  const faults: SchemaFault[] = [];
  const dependencies: string[] = [];
  const read: ReadSchema[] = [];
  for (const file of files) {
    const found: SchemaFault[] = [];
    const schema = await loadSchema(resolve(file)).catch((error: unknown) => {
      if (!(error instanceof SchemaError)) throw error;
      found.push(...error.faults);
      dependencies.push(...error.dependencies);
    });
    dependencies.push(resolve(file), ...(schema?.dependencies ?? []));
    const model = schema && readModel(schema, found);
    if (schema && model) {
      found.push(...refuseCollisions({ schema, model }, read));
      const upgrades = await readUpgrades(
        model,
        { folder: dirname(schema.file), position: schema.source.member("upgrade").position },
        found,
      );
      read.push({ schema, model, ...(upgrades !== undefined && { upgrades }) });
    }
    faults.push(...inSourceOrder(found, resolve(file)));
  }
  if (faults.length > 0) throw new SchemaError(faults, [...dependencies, ...faults.map(({ file }) => file)]);
  return read.map(toLoaded);
}

interface ReadSchema extends Pick<LoadedModel, "model" | "upgrades"> {
  readonly schema: LoadedSchema;
}

function toLoaded({
  schema: { file, dependencies, warnings, source },
  model,
  upgrades,
}: ReadSchema): LoadedModel {
  return Object.freeze({
    file,
    model,
    ...(upgrades !== undefined && { upgrades }),
    dependencies: upgrades === undefined ? dependencies : [...dependencies, upgrades.path],
    warnings: inSourceOrder(warnings, file),
    positionOf: (names: readonly string[]) =>
      names.reduce((node, name) => node.member(name), source).position,
  });
}

/** The model of a loaded schema; what is wrong with it is added to `faults`. */
function readModel({ definition, source }: LoadedSchema, faults: SchemaFault[]): Model | undefined {
  const { options } = definition;
  const known = readFields(options["shape"], source.member("shape"), faults);
  const settings = readSettings(options, source, known, faults);
  return settings && freezeDeep({ name: settings.name, fields: known.fields, settings: settings.settings });
}

/** The schema's own faults first, then those in files that it imports from. */
function inSourceOrder(faults: readonly SchemaFault[], schema: string): readonly SchemaFault[] {
  const unique = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  const rank = ({ file }: SchemaFault): string => (file === schema ? "" : file);
  return [...unique.values()].sort(
    (a, b) => compare(rank(a), rank(b)) || a.line - b.line || a.column - b.column,
  );
}

/** By code units, the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
