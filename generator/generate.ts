import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ShapeChange } from "./diff/change.js";
import { peerWarnings } from "./doctor/peer-check.js";
import { emitOutput } from "./emit/emit.js";
import { kindNames } from "./emit/kind-names.js";
import { migrationIndex } from "./emit/migration-files.js";
import type { EmittedFile, ImportExtension } from "./emit/source-file.js";
import { generatedMark } from "./emit/source-file.js";
import { tableMigrations } from "./emit/table-migrations.js";
import { toEmitInput } from "./emit/to-emit-input.js";
import { type Decisions, misdirected } from "./history/decisions.js";
import { readMemory } from "./history/memory.js";
import { printModelFile } from "./history/model-file.js";
import { type NextVersion, nextVersion } from "./history/next-version.js";
import type { Obstacle } from "./history/obstacle.js";
import { formerNames, renumberedTexts } from "./history/renumbered.js";
import { type LoadedModel, loadModels } from "./load/load-model.js";
import { databaseOf } from "./model/backend-places.js";
import type { Model } from "./model/model.js";
import { codecWarnings } from "./rules/codec-warnings.js";
import { upgradeWarnings } from "./rules/upgrade-warnings.js";
import { SchemaError, type SchemaFault } from "./schema-error.js";

/** What to generate, and where. */
export interface GenerateOptions extends Decisions {
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

/** What was generated; nothing of it is written yet. */
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
  /** The person's own files that were read, absolute; also when the schema files have errors. */
  readonly dependencies: readonly string[];
  /** Absolute: where files of ours that are no longer generated are looked for. */
  readonly outputFolders: readonly string[];
  /** Absolute: migrations that have another name now, since two branches were joined. */
  readonly superseded: readonly string[];
}

/** Everything that the schema files stand for. Reads the disk and writes nothing. */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const cwd = resolve(options.cwd ?? ".");
  const given = [options.schema ?? "session.schema.ts"].flat();
  const files = [...new Set(given.map((file) => resolve(cwd, file)))];
  try {
    const loaded = await loadModels(files);
    const out = options.out === undefined ? undefined : resolve(cwd, options.out);
    await refuseMisdirected(options, loaded);
    const results: GenerateResult[] = [];
    for (const schema of loaded) {
      const earlier = results.flatMap((result) => result.files.map(({ path }) => path));
      results.push(await generateOne(schema, { out, earlier, decisions: options }));
    }
    return joinResults(results);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { ...joinResults([]), errors: error.faults, dependencies: [...new Set(error.dependencies)] };
  }
}

/** Decisions about fields that no schema has are a slip of the pen. */
async function refuseMisdirected(decisions: Decisions, loaded: readonly LoadedModel[]): Promise<void> {
  const schemas = await Promise.all(
    loaded.map(async ({ file, model }) => ({
      names: model.fields.map(({ name }) => name),
      file: (await readMemory(file, async () => true, decisions)).file,
    })),
  );
  const [first] = loaded;
  const position = first?.positionOf(["shape"]);
  const problems = misdirected(decisions, schemas);
  if (position !== undefined && problems.length > 0)
    throw new SchemaError(problems.map((message) => ({ ...position, message })));
}

interface Surroundings {
  readonly out: string | undefined;
  /** The paths that schemas before it write, since several may share a folder of migrations. */
  readonly earlier: readonly string[];
  readonly decisions: Decisions;
}

async function generateOne(
  schema: LoadedModel,
  { out, earlier, decisions }: Surroundings,
): Promise<GenerateResult> {
  const { file, model, upgrades, dependencies, warnings, positionOf } = schema;
  const output = out ?? resolve(dirname(file), model.settings.output);
  const migrations = resolve(dirname(file), model.settings.migrations);
  const migrationsOnDisk = await namesOfMigrations(migrations);
  const planned = earlier
    .filter((path) => dirname(path) === migrations)
    .flatMap((path) => migrationName(basename(path)));
  const migrationNames = [...new Set([...migrationsOnDisk, ...planned])].sort();
  const isFirst = async (): Promise<boolean> =>
    !hasTable(model, migrationsOnDisk) && !(await hasOutput(output));
  const memory = await readMemory(file, isFirst, decisions);
  const upgraded = upgrades?.fields ?? [];
  const next = nextVersion({ model, file: memory.file, migrationNames, decisions, upgrades: upgraded });
  const input = toEmitInput({ model, schemaFile: file, output }, next);
  const { table } = next.head;
  const renumbered = await renumberedTexts(migrations, table);
  const former = formerNames(table).filter((name) => migrationsOnDisk.includes(name));
  const names = migrationNames.filter((name) => !former.includes(name));
  const { extension } = input;
  return {
    files: [
      ...emitOutput(input).map((emittedFile) => plannedFile(output, emittedFile, "output")),
      { path: memory.path, content: printModelFile(next.file), role: "model" },
      ...migrationFiles(next, { folder: migrations, names, extension, renumbered }),
    ],
    changes: next.changes,
    errors: [],
    obstacles: [...memory.obstacles, ...next.obstacles].map(placeIn(positionOf)),
    warnings: [
      ...warnings,
      ...codecWarnings(schema),
      ...upgradeWarnings(schema, input),
      ...peerWarnings(schema),
    ],
    dependencies,
    outputFolders: [output],
    superseded: former.map((name) => join(migrations, `${name}.ts`)),
  };
}

function placeIn(positionOf: LoadedModel["positionOf"]): (obstacle: Obstacle) => PlacedObstacle {
  return ({ status, message, about = [] }) => ({ status, ...positionOf(about), message });
}

interface MigrationFolder {
  readonly folder: string;
  readonly names: readonly string[];
  readonly extension: ImportExtension;
  readonly renumbered: ReadonlyMap<string, string>;
}

/** The migrations of the schema's table, and an index of all that are in the folder. */
function migrationFiles(
  next: NextVersion,
  { folder, names, extension, renumbered }: MigrationFolder,
): readonly PlannedFile[] {
  const { table } = next.head;
  if (table === undefined) return [];
  const all = [...new Set([...names, ...table.migrations.map(({ name }) => name)])].sort();
  return [
    ...tableMigrations(table).map(({ path, content }) => {
      const text = renumbered.get(path.replace(/\.ts$/, ""));
      return plannedFile(folder, { path, content: text ?? content }, "migration");
    }),
    plannedFile(folder, migrationIndex(all, extension), "output"),
  ];
}

function plannedFile(folder: string, { path, content }: EmittedFile, role: PlannedFile["role"]): PlannedFile {
  return { path: join(folder, path), content, role };
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
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
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
    superseded: results.flatMap(({ superseded }) => superseded),
  };
}
