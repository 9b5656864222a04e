import { warnOnce } from "../../platform/warner.js";
import { indexedValues, isOurs, readAnyRecord } from "../../record/stored-record.js";
import type { SessionContext } from "../../session/context.js";
import { isComplete, readMarks } from "../../store/index-ledger.js";
import type { BackendAbilities, IndexedValue, SessionBackend, SessionRecord } from "../../types/backend.js";
import { type Criteria, matches } from "./criteria.js";

/** How the records that match are found, and told. */
export interface SearchPlan {
  /** The index that is asked; without one every record is looked at. */
  readonly by: readonly [field: string, candidates: readonly IndexedValue[]] | undefined;
  readonly isMatch: (record: SessionRecord) => boolean;
}

/**
 * By an index that every version of the app keeps, and has kept since a reindex. Where a filter has an index that is
 * not, what is in the records decides.
 */
export async function planSearch(
  backend: SessionBackend<BackendAbilities>,
  criteria: Criteria,
  context: SessionContext,
): Promise<SearchPlan> {
  const [first] = criteria.indexed;
  const byIndex: SearchPlan = { by: first, isMatch: (record) => matches(record, criteria, context) };
  // What is kept in this process, only this version has written.
  if (first === undefined || backend.isInProcess) return byIndex;
  const marks = await readMarks(backend, context.name);
  const isKnown = ([field]: readonly [string, unknown]): boolean =>
    isComplete(marks, field, context.indexHistory);
  if (criteria.indexed.every(isKnown)) return byIndex;
  if (backend.abilities.scan === undefined) {
    warnOnce(
      context,
      `Not every ${context.name} may be found by ${first[0]}: the index is newer than some sessions, and this backend cannot walk over them.`,
    );
    return byIndex;
  }
  return { by: criteria.indexed.find(isKnown), isMatch: (record) => isInContents(record, criteria, context) };
}

/** Whether what is in a record is what a filter asks for, however it is indexed. */
function isInContents(record: SessionRecord, criteria: Criteria, context: SessionContext): boolean {
  if (!isOurs(record, context)) return false;
  const found = readAnyRecord(record, quiet(context));
  if (found.is === "unreadable") return matches(record, criteria, context);
  // What could come back is found as a session is.
  if (found.is === "moved" && found.moved.unfinished === undefined) return false;
  return matches({ ...record, indexed: indexedValues(found.stored, context) }, criteria, context);
}

/** It is looked at by the way: whoever reads it as a session will be told. */
export function quiet(context: SessionContext): SessionContext {
  return { ...context, warn: () => {}, analytics: undefined };
}
