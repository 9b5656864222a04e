import { type NumberedField, storedName } from "./model-file.js";
import { isWidening } from "./widening.js";

/** One change of the shape, and what to do about it. */
export interface ShapeChange {
  readonly field: string;
  readonly severity: "safe" | "lossy" | "breaking" | "undecided";
  readonly advice: string;
}

/** What changed between two versions, by name of the field. */
export function shapeChanges(
  before: readonly NumberedField[],
  after: readonly NumberedField[],
): readonly ShapeChange[] {
  const successorOf = (field: NumberedField): NumberedField | undefined =>
    after.find((now) => storedName(now) === storedName(field)) ??
    after.find(({ follows }) => follows === storedName(field));
  const known = before.map(successorOf);
  const added = after.filter((field) => !known.includes(field));
  return [
    ...added.map((field): ShapeChange => ({ field: field.name, severity: "safe", advice: "a new field" })),
    ...before.flatMap((field) => {
      const now = successorOf(field);
      return now === undefined ? [removal(field, added)] : alteration(field, now);
    }),
  ];
}

function removal(field: NumberedField, added: readonly NumberedField[]): ShapeChange {
  const successor = added.find(({ kind }) => kind.type === field.kind.type);
  if (successor === undefined) {
    return { field: field.name, severity: "lossy", advice: "the field would go, and what is stored in it" };
  }
  return {
    field: field.name,
    severity: "undecided",
    advice: `renamed to "${successor.name}", or dropped while "${successor.name}" is new`,
  };
}

function alteration(before: NumberedField, after: NumberedField): readonly ShapeChange[] {
  const { name: field } = after;
  if (!isWidening(before.kind, after.kind)) {
    const advice =
      before.kind.type === after.kind.type
        ? "allows less than before: stored values may not validate"
        : `changes from ${before.kind.type} to ${after.kind.type}`;
    return [{ field, severity: "breaking", advice }];
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const advice =
    JSON.stringify(before.kind) === JSON.stringify(after.kind)
      ? "another default"
      : "allows more than before";
  return [{ field, severity: "safe", advice }];
}
