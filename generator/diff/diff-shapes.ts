import {
  commonAncestor,
  headsOf,
  type ModelFile,
  type ModelVersion,
  type NumberedField,
  newestFirst,
  storedName,
} from "../history/model-file.js";
import { joinChanges, type ShapeChange, shapeChange } from "./change.js";
import { compareKinds } from "./compare-kinds.js";
import { successorsOf } from "./compare-members.js";
import { type Answers, type FoundChange, judge } from "./judge.js";

/** What is compared. */
export interface DiffInput {
  /** All kept versions; what is compared with is the last, and each head of several. */
  readonly before: ModelFile;
  readonly after: readonly NumberedField[];
  readonly answers: Answers;
  /** Whether the codec reads records of no other shape than its own. */
  readonly isRigid?: boolean;
}

/**
 * What changed in the shape, by field in the order of their numbers, the new ones last. Judged against all kept
 * versions: what the last one allowed itself is no news.
 */
export function diffShapes({ before, after, answers, isRigid = false }: DiffInput): readonly ShapeChange[] {
  const heads = headsOf(before);
  const found = unique([
    ...heads.flatMap((head) => newsSince(before, head, heads, after)),
    ...newestFirst(before)
      .filter((version) => !heads.includes(version))
      .flatMap((version) => laterBreaks(version, heads, after)),
  ]);
  const changes = joinChanges(found.map((change) => judge(change, answers)));
  return isRigid ? changes.map(asLossOfAll) : changes;
}

/** The changes since a head; what another head has brought already is no news. */
function newsSince(
  file: ModelFile,
  head: ModelVersion,
  heads: readonly ModelVersion[],
  after: readonly NumberedField[],
): readonly FoundChange[] {
  const known = new Set(
    heads
      .filter((other) => other !== head)
      .flatMap((other) => changesBetween(commonAncestor(file, head, other)?.fields ?? [], other.fields))
      .map(keyOf),
  );
  return changesBetween(head.fields, after).filter((change) => !known.has(keyOf(change)));
}

/** Two changes are one when they say the same of the same field. */
function unique(changes: readonly FoundChange[]): readonly FoundChange[] {
  const seen = new Map<string, FoundChange>();
  for (const change of changes) {
    const key = keyOf(change);
    if (!seen.has(key)) seen.set(key, change);
  }
  return [...seen.values()];
}

function changesBetween(
  before: readonly NumberedField[],
  after: readonly NumberedField[],
): readonly FoundChange[] {
  const pairs = before.map((field) => [field, findSame(field, after) ?? findNext(field, after)] as const);
  const continued = new Set(pairs.map(([, now]) => now));
  const added = after.filter((field) => !continued.has(field));
  return [
    ...pairs.flatMap(([field, now]) =>
      now === undefined ? [removal(field, added)] : alterations(field, now),
    ),
    ...added.map((top): FoundChange => ({ field: top.name, effect: "added", what: "is new", top })),
  ];
}

/** What no longer passes of an earlier version's values, and did in the last one. */
function laterBreaks(
  version: ModelVersion,
  heads: readonly ModelVersion[],
  after: readonly NumberedField[],
): readonly FoundChange[] {
  return version.fields.flatMap((field) => {
    const now = findSame(field, after);
    if (now === undefined) return [];
    // Where the last version narrowed it already, or does so now, nothing is left to be told.
    const told = new Set(
      heads.flatMap(({ fields }) => {
        const head = findSame(field, fields);
        return head === undefined
          ? []
          : [...breaksOf(field, head, now), ...breaksOf(head, now, now)].map((change) => change.field);
      }),
    );
    return breaksOf(field, now, now)
      .filter((change) => !told.has(change.field))
      .map((change) => ({ ...change, version: version.hash.slice(0, 8) }));
  });
}

function breaksOf(before: NumberedField, after: NumberedField, top: NumberedField): readonly FoundChange[] {
  return kindChanges(before, after, top).filter(({ effect }) => effect === "narrowed");
}

function alterations(before: NumberedField, after: NumberedField): readonly FoundChange[] {
  const inner = kindChanges(before, after, after);
  const isMoved = storedName(before) !== storedName(after);
  const isSaid = !isMoved || inner.some(({ effect }) => effect === "retyped");
  const own: FoundChange = { field: after.name, effect: "noted", what: "", top: after };
  const changes: readonly FoundChange[] = [
    ...(before.name === after.name
      ? []
      : [{ ...own, effect: "renamed" as const, what: `was \`${before.name}\`` }]),
    ...inner,
    ...(isSaid
      ? []
      : [{ ...own, effect: "retyped" as const, what: "is not what it was in an earlier version" }]),
    ...defaultChange(before, after).map((what): FoundChange => ({ ...own, what })),
  ];
  const isEqual =
    JSON.stringify([before.kind, before.default]) === JSON.stringify([after.kind, after.default]);
  return changes.length > 0 || isEqual ? changes : [{ ...own, what: "is checked in another way" }];
}

function kindChanges(
  before: NumberedField,
  after: NumberedField,
  top: NumberedField,
): readonly FoundChange[] {
  return compareKinds(before.kind, after.kind, { field: top.name, path: top.name }).map((change) => ({
    ...change,
    top,
  }));
}

function defaultChange(before: NumberedField, after: NumberedField): readonly string[] {
  if (JSON.stringify(before.default) === JSON.stringify(after.default)) return [];
  if (after.default === undefined) return ["has no default any more, so that it may be absent"];
  return [before.default === undefined ? "has a default" : "has another default"];
}

function removal(field: NumberedField, added: readonly NumberedField[]): FoundChange {
  const successors = successorsOf(field, added);
  const own = { field: field.name, top: field };
  if (successors.length === 0) return { ...own, effect: "removed", what: "goes" };
  const names = successors.map(({ name }) => `\`${name}\``).join(" and ");
  const what = `goes while ${names} of its type ${successors.length === 1 ? "comes" : "come"}`;
  return { ...own, effect: "replaced", what, successors };
}

function findSame(field: NumberedField, fields: readonly NumberedField[]): NumberedField | undefined {
  return fields.find((candidate) => storedName(candidate) === storedName(field));
}

function findNext(field: NumberedField, fields: readonly NumberedField[]): NumberedField | undefined {
  return fields.find(({ follows }) => follows === storedName(field));
}

function keyOf({ field, what }: FoundChange): string {
  return JSON.stringify([field, what]);
}

function asLossOfAll({ field, severity, parts }: ShapeChange): ShapeChange {
  if (severity === "undecided") return shapeChange(field, severity, parts);
  return shapeChange(field, "breaking", {
    ...parts,
    records: "bincode reads records of this very shape only: every session from before is lost",
    todo: "accept that with --allow-breaking, or choose a codec that survives it: json, cbor, msgpack or protobuf",
  });
}
