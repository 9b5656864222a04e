import type { IndexColumn } from "../emit/index-columns.js";
import { type CodecName, codecNames, type Model } from "../model/model.js";
import { headsOf, type ModelFile, type ModelVersion, withHash } from "./model-file.js";
import { numberFields } from "./numbering.js";
import { notYet, type Obstacle } from "./obstacle.js";
import { type ShapeChange, shapeChanges } from "./shape-changes.js";
import { shapeHash } from "./shape-hash.js";
import { nextTable } from "./table-history.js";

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
  const { table, columns, obstacles } = nextTable({ model, before: head?.table, migrationNames });
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

function isDecided({ field, severity }: ShapeChange, { dropped = [], allowBreaking }: Decisions): boolean {
  return severity === "breaking" ? allowBreaking === true : dropped.includes(field);
}

function toObstacle({ field, severity, advice }: ShapeChange): readonly Obstacle[] {
  if (severity === "safe") return [];
  return [
    notYet(severity === "breaking" ? "breaking" : "undecided", `"${field}": ${advice}`, ["shape", field]),
  ];
}

function twoHeads(one: ModelVersion, other: ModelVersion): Obstacle {
  return {
    status: "undecided",
    message: `The model file has two heads, ${one.hash} and ${other.hash}: two branches changed the schema. Joining them (--merge) is not yet in this version.`,
  };
}
