import type { ShapeChange } from "../diff/change.js";
import { diffShapes } from "../diff/diff-shapes.js";
import type { IndexColumn } from "../emit/index-columns.js";
import { type CodecName, codecNames, type Model } from "../model/model.js";
import { type Decisions, renamesBy } from "./decisions.js";
import { indexIdentities } from "./index-history.js";
import { joinTables } from "./join-tables.js";
import { headsOf, type ModelFile, type ModelVersion, type NumberedField, withHash } from "./model-file.js";
import { numberFields } from "./numbering.js";
import { headsObstacles, type Obstacle } from "./obstacle.js";
import { shapeHash } from "./shape-hash.js";
import { formerTables, nextTable } from "./table-history.js";

/** The model file after this generation; the same one when nothing that it remembers has changed. */
export interface NextVersion {
  readonly file: ModelFile;
  readonly head: ModelVersion;
  /** The codecs that wrote records before the present one. */
  readonly formerCodecs: readonly CodecName[];
  readonly columns: readonly IndexColumn[];
  /** The names that the table had before, which it may still have. */
  readonly formerTables: readonly string[];
  /** What changed since the last version. */
  readonly changes: readonly ShapeChange[];
  readonly obstacles: readonly Obstacle[];
}

/** What a new version follows from. */
export interface HistoryInput {
  readonly model: Model;
  /** Absent for the first generation. */
  readonly file: ModelFile | undefined;
  /** Names of the migrations in the folder, whoever wrote them; a new one gets the number after the highest. */
  readonly migrationNames: readonly string[];
  readonly decisions?: Decisions;
  /** The fields whose earlier values the schema converts. */
  readonly upgrades?: readonly string[];
}

/** Compares the model with the last version in the file and appends one where they differ; or one that joins several. */
export function nextVersion(input: HistoryInput): NextVersion {
  const { model, file, migrationNames, decisions = {} } = input;
  const heads = file === undefined ? [] : headsOf(file);
  const names = model.fields.map(({ name }) => name);
  const renamed = { ...model.settings.renamed, ...renamesBy(decisions, { names, file }) };
  const fields = numberFields(model.fields, file, renamed);
  const changes = file === undefined ? [] : changesSince(file, fields, input);
  const before = joinTables(
    heads.map((head) => head.table),
    migrationNames,
  );
  const { table, columns, obstacles } = nextTable({ model, fields, before, migrationNames });
  const indexes = indexIdentities({ model, fields, columns }, file);
  const content = {
    shape: shapeHash(model.fields, fields),
    fields,
    ...(indexes.length > 0 && { indexes }),
    ...(table !== undefined && { table }),
  };
  const [head] = heads;
  const isSame = heads.length === 1 && head !== undefined && remembered(head) === remembered(content);
  const version =
    head !== undefined && isSame ? head : withHash({ parents: heads.map(({ hash }) => hash), ...content });
  const codecs = nextCodecs(model.settings.codec, file);
  return {
    file: {
      versions: [...(file?.versions ?? []), ...(isSame ? [] : [version])],
      ...(codecs.join() !== firstCodec && { codecs }),
      ...(file?.reserved !== undefined && { reserved: file.reserved }),
      ...(file?.stored !== undefined && { stored: file.stored }),
    },
    head: version,
    formerCodecs: codecNames.filter((name) => name !== model.settings.codec && codecs.includes(name)),
    columns,
    formerTables: table === undefined ? [] : formerTables(table),
    changes,
    obstacles: [
      ...(file === undefined || decisions.merge === true ? [] : headsObstacles(file)),
      ...changes.flatMap((change) => toObstacle(change, decisions.allowBreaking === true)),
      ...obstacles,
    ],
  };
}

function remembered({ fields, indexes = [], table }: Omit<ModelVersion, "hash" | "parents">): string {
  return JSON.stringify([fields, indexes, table]);
}

function changesSince(
  file: ModelFile,
  fields: readonly NumberedField[],
  { model: { settings }, decisions, upgrades = [] }: HistoryInput,
): readonly ShapeChange[] {
  const answers = { upgrades, upgradeFile: settings.upgrade, dropped: decisions?.drop ?? [] };
  return diffShapes({ before: file, after: fields, answers, isRigid: settings.codec === "bincode" });
}

/** The codec of files that were written when there was no other. */
const firstCodec = "json";

/** A codec that was once used stays: its records may be there for as long as a session lives. */
function nextCodecs(present: string, file: ModelFile | undefined): readonly string[] {
  const known = file === undefined ? [] : (file.codecs ?? [firstCodec]);
  return known.includes(present) ? known : [...known, present];
}

function toObstacle({ field, severity, advice }: ShapeChange, allowsBreaking: boolean): readonly Obstacle[] {
  const isInTheWay = severity === "undecided" || (severity === "breaking" && !allowsBreaking);
  if (!isInTheWay) return [];
  return [
    {
      status: severity,
      message: `\`${field}\` ${advice}`,
      about: ["shape", ...field.split(/\[\]\.|\{\}\.|\./)],
    },
  ];
}
