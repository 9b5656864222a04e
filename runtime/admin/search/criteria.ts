import { SessionError } from "../../platform/errors.js";
import { isOurs, toIndexed } from "../../record/stored-record.js";
import type { SessionContext } from "../../session/context.js";
import type { IndexedValue, SessionRecord } from "../../types/backend.js";

/** What a filter asks for. */
export interface Criteria {
  readonly handle: string | undefined;
  /** Fields, and all that may be stored for the value that is asked for. */
  readonly indexed: readonly (readonly [field: string, candidates: readonly IndexedValue[]])[];
}

/** Throws `SessionError` `"invalid"`, before anything is read, for what would match more than was meant. */
export function toCriteria(filter: object, context: SessionContext): Criteria {
  // Without types it may be nothing at all.
  const entries = Object.entries(filter ?? {});
  if (entries.length === 0)
    throw new SessionError("invalid", "A filter needs at least one field; revokeAll() is everyone.");
  let handle: string | undefined;
  const indexed: (readonly [string, readonly IndexedValue[]])[] = [];
  for (const [name, value] of entries) {
    if (value === undefined)
      throw new SessionError(
        "invalid",
        `The filter's ${JSON.stringify(name)} is undefined; leave it out or give a value.`,
      );
    if (name === "handle") handle = toHandleFilter(value);
    else {
      const wanted = toIndexedFilter(name, value, context);
      const stored = context.fields.find(name)?.stored ?? name;
      indexed.push([stored, context.format.indexes.candidates(stored, wanted)]);
    }
  }
  return { handle, indexed };
}

function toHandleFilter(value: unknown): string {
  if (typeof value === "string") return value;
  throw new SessionError(
    "invalid",
    "The filter's handle is no text; it comes from session.handle or find().",
  );
}

function toIndexedFilter(name: string, value: unknown, context: SessionContext): IndexedValue {
  const field = context.fields.find(name);
  if (field === undefined || !context.indexes.includes(field.stored)) {
    throw new SessionError(
      "invalid",
      `${JSON.stringify(name)} is not indexed. Add it to the indexes of the schema.`,
    );
  }
  const wire = field.converter.toWire(value, name);
  const problem = context.checkWire({ [field.stored]: wire })[0];
  if (problem !== undefined)
    throw new SessionError("invalid", `The filter's ${problem.path} ${problem.message}.`);
  return toIndexed(wire);
}

/** Whether a record is what a filter asks for. */
export function matches(record: SessionRecord, { indexed }: Criteria, context: SessionContext): boolean {
  if (!isOurs(record, context)) return false;
  return indexed.every(([field, candidates]) =>
    candidates.some((candidate) => candidate === record.indexed[field]),
  );
}
