import { type IndexColumn, indexColumns } from "../emit/index-columns.js";
import { kindNames } from "../emit/kind-names.js";
import { databaseOf } from "../model/backend-places.js";
import { type CodecName, codecNames, type Model } from "../model/model.js";
import { headsOf, type ModelFile, type ModelVersion, type TableHistory, withHash } from "./model-file.js";
import { numberFields } from "./numbering.js";
import { type ShapeChange, shapeChanges } from "./shape-changes.js";
import { shapeHash } from "./shape-hash.js";

/** Why nothing can be generated: the change breaks stored sessions, or a person has to decide. */
export interface Obstacle {
  readonly status: "breaking" | "undecided";
  readonly message: string;
  /** The option of the schema that it is about, and for `shape` the field; absent for the schema as a whole. */
  readonly about?: readonly string[];
}

/** The model file after this generation; the same one when nothing that it remembers has changed. */
export interface NextVersion {
  readonly file: ModelFile;
  readonly head: ModelVersion;
  /** The codecs that wrote records before the present one. */
  readonly formerCodecs: readonly CodecName[];
  readonly columns: readonly IndexColumn[];
  readonly changes: readonly ShapeChange[];
  readonly obstacles: readonly Obstacle[];
}

export interface HistoryInput {
  readonly model: Model;
  /** Absent for the first generation. */
  readonly file: ModelFile | undefined;
  /** Names of the migrations in the folder, whoever wrote them; a new one gets the number after the highest. */
  readonly migrationNames: readonly string[];
  readonly decisions?: Decisions;
}

/** What a person decides by flags, for one run. */
export interface Decisions {
  /** New names of fields with old ones, besides those that the schema declares. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Fields that go although another one of their type comes. */
  readonly dropped?: readonly string[];
  readonly allowBreaking?: boolean;
}

/** Compares the model with the last version in the file and appends one where they differ. */
export function nextVersion({ model, file, migrationNames, decisions = {} }: HistoryInput): NextVersion {
  const [head, other] = file === undefined ? [] : headsOf(file);
  const fields = numberFields(model.fields, file, { ...model.settings.renamed, ...decisions.renamed });
  const changes = head === undefined ? [] : shapeChanges(head.fields, fields);
  const { table, columns, obstacles } = nextTable(model, head?.table, migrationNames);
  const content = {
    shape: shapeHash(model.fields, fields),
    fields,
    ...(table !== undefined && { table }),
  };
  const isSame =
    head !== undefined &&
    JSON.stringify([head.fields, head.table]) === JSON.stringify([fields, content.table]);
  const version = isSame ? head : withHash({ parents: head === undefined ? [] : [head.hash], ...content });
  const versions = file?.versions ?? [];
  const codecs = nextCodecs(model.settings.codec, file);
  return {
    file: {
      versions: isSame ? versions : [...versions, version],
      ...(codecs.join() !== firstCodec && { codecs }),
    },
    head: version,
    formerCodecs: codecNames.filter((name) => name !== model.settings.codec && codecs.includes(name)),
    columns,
    changes,
    obstacles: [
      ...(head !== undefined && other !== undefined ? [twoHeads(head, other)] : []),
      ...changes.filter((change) => !isDecided(change, decisions)).flatMap(toObstacle),
      ...obstacles,
    ],
  };
}

/** The codec of files that were written when there was no other. */
const firstCodec = "json";

/** A codec that was once used stays: its records may be there for as long as a session lives. */
function nextCodecs(present: string, file: ModelFile | undefined): readonly string[] {
  const known = file === undefined ? [] : (file.codecs ?? [firstCodec]);
  return known.includes(present) ? known : [...known, present];
}

interface NextTable {
  readonly table: TableHistory | undefined;
  /** Of the indexes that the schema declares now. */
  readonly columns: readonly IndexColumn[];
  readonly obstacles: readonly Obstacle[];
}

function nextTable(
  model: Model,
  before: TableHistory | undefined,
  migrationNames: readonly string[],
): NextTable {
  const database = databaseOf(model.settings.backend);
  if (database === undefined) return { table: before, columns: [], obstacles: [] };
  const known = before?.migrations.flatMap((migration) => migration.columns) ?? [];
  const columns = indexColumns(model, known);
  const name = database.table ?? kindNames(model.name).table;
  const place = { name, ...(database.schema !== undefined && { schema: database.schema }) };
  const number = migrationNumbers([
    ...migrationNames,
    ...(before?.migrations.map((migration) => migration.name) ?? []),
  ]);
  if (before === undefined) {
    const migrations = [{ name: `${number()}_create_${name}`, columns }];
    return { table: { ...place, migrations }, columns, obstacles: [] };
  }
  const added = columns.filter(({ column }) => known.every((before) => before.column !== column));
  const migrations = added.map((column) => ({ name: `${number()}_add_${column.column}`, columns: [column] }));
  return {
    table: { ...before, migrations: [...before.migrations, ...migrations] },
    columns,
    obstacles: tableObstacles(before, place, known, columns),
  };
}

function tableObstacles(
  before: TableHistory,
  now: { readonly name: string; readonly schema?: string },
  known: readonly IndexColumn[],
  columns: readonly IndexColumn[],
): readonly Obstacle[] {
  const isMoved = before.name !== now.name || before.schema !== now.schema;
  const retyped = columns.filter(({ column, type }) =>
    known.some((before) => before.column === column && before.type !== type),
  );
  const dropped = known.filter(({ field }) => columns.every((column) => column.field !== field));
  return [
    ...(isMoved
      ? [notYet("undecided", `The table "${before.name}" would become "${now.name}"`, ["backend"])]
      : []),
    ...retyped.map(({ field }) =>
      notYet("breaking", `The column of the index "${field}" would change its type`, ["indexes"]),
    ),
    ...dropped.map(({ field }) => notYet("undecided", `The index "${field}" would go`, ["indexes"])),
  ];
}

function isDecided({ field, severity }: ShapeChange, { dropped = [], allowBreaking }: Decisions): boolean {
  return severity === "breaking" ? allowBreaking === true : dropped.includes(field);
}

function toObstacle({ field, severity, advice }: ShapeChange): readonly Obstacle[] {
  if (severity === "safe") return [];
  return [
    notYet(severity === "breaking" ? "breaking" : "undecided", `"${field}": ${advice}`, ["shape", field]),
  ];
}

function notYet(status: Obstacle["status"], what: string, about: readonly string[]): Obstacle {
  return {
    status,
    about,
    message: `${what}. Such a change is not yet in this version of session-gen: undo it; or, while no session is worth keeping, delete the model file, the output and the migrations, and generate anew.`,
  };
}

function twoHeads(one: ModelVersion, other: ModelVersion): Obstacle {
  return {
    status: "undecided",
    message: `The model file has two heads, ${one.hash} and ${other.hash}: two branches changed the schema. Joining them (--merge) is not yet in this version.`,
  };
}

/** Gives the next free number, of four digits, at each call. */
function migrationNumbers(names: readonly string[]): () => string {
  let highest = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite));
  return () => String(++highest).padStart(4, "0");
}
