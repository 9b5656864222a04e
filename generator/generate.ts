import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { emitOutput } from "./emit/emit.js";
import { importStyle } from "./emit/import-style.js";
import { kindNames } from "./emit/kind-names.js";
import { addIndexMigration, createTableMigration, migrationIndex } from "./emit/migration-files.js";
import type { EmittedFile, ImportExtension } from "./emit/source-file.js";
import { generatedMark } from "./emit/source-file.js";
import { lineageOf } from "./history/lineage.js";
import {
  type ModelFile,
  parseModelFile,
  printModelFile,
  type TableHistory,
  type UnreadableModelFile,
} from "./history/model-file.js";
import { type NextVersion, nextVersion } from "./history/next-version.js";
import { knownNumbers } from "./history/numbers.js";
import type { Obstacle } from "./history/obstacle.js";
import type { ShapeChange } from "./history/shape-changes.js";
import { type LoadedModel, loadModels } from "./load/load-model.js";
import { databaseOf } from "./model/backend-places.js";
import type { Model } from "./model/model.js";
import { codecWarnings } from "./rules/codec-warnings.js";
import { SchemaError, type SchemaFault } from "./schema-error.js";

export interface GenerateOptions {
  /** Schema files; `session.schema.ts` when left out. Relative to `cwd`. */
  readonly schema?: string | readonly string[];
  /** The output folder instead of the one that the schema names; for a single schema. Relative to `cwd`. */
  readonly out?: string;
  /** The process's working directory when left out. */
  readonly cwd?: string;
}

/** A file as it should be on disk. */
export interface PlannedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /**
   * `output` belongs to us and is replaced; `model` is the committed memory; a `migration` is written once and is
   * a person's from then on.
   */
  readonly role: "output" | "model" | "migration";
}

/** What stands in the way, and where in the schema. */
export interface PlacedObstacle extends SchemaFault {
  readonly status: Obstacle["status"];
}

export interface GenerateResult {
  readonly files: readonly PlannedFile[];
  /** What changed in the shapes since the last generation. */
  readonly changes: readonly ShapeChange[];
  /** What is wrong with the schema files. Nothing is generated then. */
  readonly errors: readonly SchemaFault[];
  /** What stands in the way of writing: changes that need a decision or break stored sessions. */
  readonly obstacles: readonly PlacedObstacle[];
  /** What is likely to be a mistake and hinders nothing. */
  readonly warnings: readonly SchemaFault[];
  /** The person's own files that were read, absolute. */
  readonly dependencies: readonly string[];
  /** Absolute: where files of ours that are no longer generated are looked for. */
  readonly outputFolders: readonly string[];
}

/** Everything that the schema files stand for. Reads the disk and writes nothing. */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const cwd = resolve(options.cwd ?? ".");
  const given = [options.schema ?? "session.schema.ts"].flat();
  const files = [...new Set(given.map((file) => resolve(cwd, file)))];
  try {
    const loaded = await loadModels(files);
    const out = options.out === undefined ? undefined : resolve(cwd, options.out);
    const results: GenerateResult[] = [];
    for (const schema of loaded) {
      const earlier = results.flatMap((result) => result.files.map(({ path }) => path));
      results.push(await generateOne(schema, out, earlier));
    }
    return joinResults(results);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { ...joinResults([]), errors: error.faults };
  }
}

/** Where the model file of a schema file is: `session.schema.ts` has `session.model.json` beside it. */
export function modelFilePath(schemaFile: string): string {
  return join(
    dirname(schemaFile),
    `${basename(schemaFile).replace(/(?:\.schema)?\.[cm]?[jt]sx?$/, "")}.model.json`,
  );
}

/** `earlier`: the paths that schemas before it write, since several may share a folder of migrations. */
async function generateOne(
  { file, model, dependencies, warnings, positionOf }: LoadedModel,
  out: string | undefined,
  earlier: readonly string[],
): Promise<GenerateResult> {
  const output = out ?? resolve(dirname(file), model.settings.output);
  const migrations = resolve(dirname(file), model.settings.migrations);
  const modelPath = modelFilePath(file);
  const migrationsOnDisk = await namesOfMigrations(migrations);
  const planned = earlier
    .filter((path) => dirname(path) === migrations)
    .flatMap((path) => migrationName(basename(path)));
  const migrationNames = [...new Set([...migrationsOnDisk, ...planned])].sort();
  const remembered = await readModelFile(modelPath);
  const isForgetful =
    remembered === undefined && (hasTable(model, migrationsOnDisk) || (await hasOutput(output)));
  const known = remembered !== undefined && "versions" in remembered ? remembered : undefined;
  const next = nextVersion({ model, file: known, migrationNames });
  const extension = model.settings.importExtension ?? importStyle(file);
  const { columns, head, formerCodecs } = next;
  const schemaFile = basename(file);
  const names = kindNames(model.name);
  const numbers = knownNumbers(next.file);
  const shapeHash = head.shape;
  const facts = { shapeHash, formerCodecs, numbers, lineage: lineageOf(next.file), columns };
  const emitted = emitOutput({ model, names, schemaFile, extension, ...facts });
  return {
    files: [
      ...emitted.map((emittedFile) => plannedFile(output, emittedFile, "output")),
      { path: modelPath, content: printModelFile(next.file), role: "model" },
      ...migrationFiles(next, { folder: migrations, names: migrationNames, extension }),
    ],
    changes: next.changes,
    errors: [],
    obstacles: [...memoryObstacles(modelPath, remembered, isForgetful), ...next.obstacles].map(
      placeIn(positionOf),
    ),
    warnings: [...warnings, ...codecWarnings({ model, positionOf })],
    dependencies,
    outputFolders: [output],
  };
}

function placeIn(positionOf: LoadedModel["positionOf"]): (obstacle: Obstacle) => PlacedObstacle {
  return ({ status, message, about = [] }) => ({ status, ...positionOf(about), message });
}

interface MigrationFolder {
  readonly folder: string;
  readonly names: readonly string[];
  readonly extension: ImportExtension;
}

/** The migrations of the schema's table, and an index of all that are in the folder. */
function migrationFiles(
  next: NextVersion,
  { folder, names, extension }: MigrationFolder,
): readonly PlannedFile[] {
  const { table } = next.head;
  if (table === undefined) return [];
  const all = [...new Set([...names, ...table.migrations.map(({ name }) => name)])].sort();
  return [
    ...migrationsOf(table).map((file) => plannedFile(folder, file, "migration")),
    plannedFile(folder, migrationIndex(all, extension), "output"),
  ];
}

function migrationsOf({ name: table, schema, migrations }: TableHistory): readonly EmittedFile[] {
  return migrations.map(({ name, columns }, index) => {
    const step = { name, table, columns, ...(schema !== undefined && { schema }) };
    return index === 0 ? createTableMigration(step) : addIndexMigration(step);
  });
}

function plannedFile(folder: string, { path, content }: EmittedFile, role: PlannedFile["role"]): PlannedFile {
  return { path: join(folder, path), content, role };
}

async function readModelFile(path: string): Promise<ModelFile | UnreadableModelFile | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : parseModelFile(text);
}

function memoryObstacles(
  path: string,
  remembered: ModelFile | UnreadableModelFile | undefined,
  isForgetful: boolean,
): readonly Obstacle[] {
  const name = basename(path);
  if (isForgetful) {
    const message = `${name} is missing beside earlier output or migrations. Restore it from version control: it keeps what stored sessions depend on. To start afresh, delete the output and the migrations too.`;
    return [{ status: "undecided", message }];
  }
  if (remembered === undefined || !("problem" in remembered)) return [];
  const what = remembered.problem === "conflict markers" ? "holds git conflict markers" : "is no model file";
  const advice =
    "Restore one side from version control and generate again; joining them (--merge) is not yet in this version.";
  return [{ status: "undecided", message: `${name} ${what}. ${advice}` }];
}

async function namesOfMigrations(folder: string): Promise<readonly string[]> {
  const entries = (await unlessAbsent(readdir(folder))) ?? [];
  return entries.flatMap(migrationName).sort();
}

function migrationName(file: string): readonly string[] {
  return /^(\d{4}_\w+)\.ts$/.exec(file)?.slice(1) ?? [];
}

/** Whether a migration made the table of this kind; those of other kinds and a person's own say nothing of it. */
function hasTable({ name, settings: { backend } }: Model, migrations: readonly string[]): boolean {
  const own = databaseOf(backend)?.table;
  return migrations.some((migration) => migration.slice(4) === `_create_${own ?? kindNames(name).table}`);
}

async function hasOutput(folder: string): Promise<boolean> {
  const text = await readText(join(folder, "index.ts"));
  return text?.includes(generatedMark) ?? false;
}

async function readText(path: string): Promise<string | undefined> {
  return await unlessAbsent(readFile(path, "utf8"));
}

/** What is read, or `undefined` where nothing has that name. */
async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  return await reading.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
}

function joinResults(results: readonly GenerateResult[]): GenerateResult {
  return {
    // Of an index of migrations that several schemas share, the last one knows of all.
    files: [
      ...new Map(results.flatMap(({ files }) => files.map((file) => [file.path, file] as const))).values(),
    ],
    changes: results.flatMap(({ changes }) => changes),
    errors: [],
    obstacles: results.flatMap(({ obstacles }) => obstacles),
    warnings: results.flatMap(({ warnings }) => warnings),
    dependencies: [...new Set(results.flatMap(({ dependencies }) => dependencies))],
    outputFolders: results.flatMap(({ outputFolders }) => outputFolders),
  };
}
