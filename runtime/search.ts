import type {
  BackendAbilities,
  Findable,
  IndexedValue,
  RecordPage,
  SessionBackend,
  SessionRecord,
} from "./backends/backend.js";
import { isOfKind } from "./record/record.js";
import { readAnyRecord, readRecord, toIndexed } from "./record/stored-record.js";
import type { SessionContext } from "./session/context.js";
import { toData } from "./session/copy-data.js";
import { SessionError } from "./session-error.js";
import type { DataOf } from "./sessions.js";
import { endById } from "./token/end-record.js";
import { isHandle } from "./token/session-key.js";

/** A stored session as a search shows it: by its public handle, never its key. */
export interface SessionSummary<Data> {
  readonly handle: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly data: Data;
}

/** One or more indexed fields and `handle`, all of which must match. */
export type FilterOf<Indexed> = AtLeastOne<Required<Indexed> & { readonly handle: string }>;

type AtLeastOne<All> = { [Name in keyof All]: Pick<All, Name> & Partial<Omit<All, Name>> }[keyof All];

/** What `Sessions` can do when its backend can find records. */
export interface SessionSearch<S, Indexed> {
  /** The live sessions that match, read page by page. Unreadable ones are left out. */
  find(filter: FilterOf<Indexed>): AsyncIterable<SessionSummary<DataOf<S>>>;
  /** How many live sessions match, or there are. */
  count(filter?: FilterOf<Indexed>): Promise<number>;
  /** Ends the sessions that match, also those that begin meanwhile; answers how many. `except` keeps one. */
  revoke(
    filter: FilterOf<Indexed>,
    options?: { readonly except?: { readonly handle: string | null } },
  ): Promise<number>;
}

/** What `Sessions` can do when its backend can walk over all records. */
export interface SessionScan {
  /** Ends every session of this kind; answers how many. */
  revokeAll(): Promise<number>;
}

type Pages = (after: string | undefined) => Promise<RecordPage>;

interface Criteria {
  readonly handle: string | undefined;
  /** Fields, and what may be stored for the value that is asked for. */
  readonly indexed: readonly (readonly [field: string, candidates: readonly IndexedValue[]])[];
}

const pageSize = 500;

/** The searching methods of `Sessions`, over a backend that can find. */
export function createSearch<S, Indexed>(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  context: SessionContext,
): SessionSearch<S, Indexed> {
  const matching = (criteria: Criteria): AsyncIterable<SessionRecord> =>
    criteria.handle === undefined
      ? walkIndex(backend, criteria, context)
      : one(backend, criteria.handle, criteria, context);
  return {
    async *find(filter) {
      for await (const record of matching(toCriteria(filter, context))) {
        const summary = summarize<DataOf<S>>(record, context);
        if (summary !== null) yield summary;
      }
    },
    async count(filter) {
      const records =
        filter === undefined ? walkAll(backend, context) : matching(toCriteria(filter, context));
      let count = 0;
      for await (const record of records) if (summarize(record, context) !== null) count += 1;
      return count;
    },
    async revoke(filter, options) {
      const criteria = toCriteria(filter, context);
      // An index finds a session again that was moved meanwhile; a handle does not, so that its record is followed.
      const end =
        criteria.handle === undefined ? undefined : (id: string) => endById({ backend, context }, id);
      return removeUntilNone({ backend, context, end }, () => matching(criteria), options?.except);
    },
  };
}

/** Ends every session, those that begin meanwhile included. */
export function createScan(backend: SessionBackend, context: SessionContext): SessionScan {
  return { revokeAll: () => removeUntilNone({ backend, context }, () => walkAll(backend, context)) };
}

const fruitlessPasses = 3;

interface Removal {
  readonly backend: SessionBackend;
  readonly context: SessionContext;
  /** Removes one record, in another way than by just deleting it. `false` when it was gone. */
  readonly end?: ((id: string) => Promise<boolean>) | undefined;
}

/**
 * A session that is being rotated is under two ids for a moment, so only a scan that finds none has found all;
 * one that only finds what others have removed already is repeated a few times.
 */
async function removeUntilNone(
  { backend, context, end = (id) => backend.delete(id) }: Removal,
  records: () => AsyncIterable<SessionRecord>,
  except?: { readonly handle: string | null },
): Promise<number> {
  let total = 0;
  for (let fruitless = 0; fruitless < fruitlessPasses; ) {
    let seen = 0;
    let removed = 0;
    for await (const record of records()) {
      if (record.id === except?.handle) continue;
      seen += 1;
      if (!(await end(record.id))) continue;
      removed += 1;
      if (isLive(record, context)) total += 1;
    }
    if (seen === 0) break;
    fruitless = removed === 0 ? fruitless + 1 : 0;
  }
  return total;
}

async function* walk(
  pages: Pages,
  isWanted: (record: SessionRecord) => boolean,
): AsyncGenerator<SessionRecord> {
  let after: string | undefined;
  do {
    const page = await pages(after);
    yield* page.records.filter(isWanted);
    after = page.next;
  } while (after !== undefined);
}

/** What is saved during the walk moves to the last candidate, and may be met twice. */
async function* walkIndex(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  criteria: Criteria,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  const [field, candidates] = criteria.indexed[0] ?? ["", []];
  const seen = new Set<string>();
  for (const value of candidates) {
    const pages = pagesOf(backend, field, value);
    for await (const record of walk(pages, (found) => matches(found, criteria, context))) {
      if (seen.has(record.id)) continue;
      if (candidates.length > 1) seen.add(record.id);
      yield record;
    }
  }
}

async function* one(
  backend: SessionBackend,
  id: string,
  criteria: Criteria,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  // It may come from a form: what is no handle is the handle of nothing.
  const record = isHandle(id) ? await backend.load(id) : null;
  if (record === null) return;
  const found = readAnyRecord(record, context);
  // A handle that was shown before its key was changed still means that session.
  if (found.is === "moved") {
    if (found.moved.to !== null) yield* one(backend, found.moved.to, criteria, context);
  } else if (matches(record, criteria, context)) yield record;
}

function walkAll(backend: SessionBackend, context: SessionContext): AsyncGenerator<SessionRecord> {
  const { scan } = backend.abilities;
  if (scan === undefined)
    throw new SessionError("unsupported", "This backend cannot walk over all sessions.");
  return walk(
    (after) => scan.scan(after === undefined ? { limit: pageSize } : { after, limit: pageSize }),
    (record) => isOfKind(record.header, context.name),
  );
}

function pagesOf(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  field: string,
  value: IndexedValue,
): Pages {
  const query = { field, value, limit: pageSize };
  return (after) => backend.abilities.find.find(after === undefined ? query : { ...query, after });
}

function matches(record: SessionRecord, { indexed }: Criteria, context: SessionContext): boolean {
  if (!isOfKind(record.header, context.name)) return false;
  return indexed.every(([field, candidates]) =>
    candidates.some((candidate) => candidate === record.indexed[field]),
  );
}

/** Whether a record was a session that its user could still use. */
function isLive(record: SessionRecord, context: SessionContext): boolean {
  return record.expiresAt > context.clock() && readAnyRecord(record, context).is === "session";
}

function summarize<Data>(record: SessionRecord, context: SessionContext): SessionSummary<Data> | null {
  if (record.expiresAt <= context.clock()) return null;
  // One bad record must not stop a search, not even where reading it is to be an error.
  const found = readRecord(
    record,
    context.onInvalid === "throw" ? { ...context, onInvalid: "reset" } : context,
  );
  if (found.is !== "session") return null;
  const { id, createdAt, expiresAt, fields } = found.stored;
  return { handle: id, createdAt, expiresAt, data: toData(fields, context.fields) as Data };
}

/** Throws `SessionError` `"invalid"`, before anything is read, for what would match more than was meant. */
function toCriteria(filter: object, context: SessionContext): Criteria {
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
      indexed.push([name, context.format.indexes.candidates(name, wanted)]);
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
  if (field === undefined || !context.indexes.includes(name)) {
    throw new SessionError(
      "invalid",
      `${JSON.stringify(name)} is not indexed. Add it to the indexes of the schema.`,
    );
  }
  const wire = field.converter.toWire(value, name);
  const problem = context.checkWire({ [name]: wire })[0];
  if (problem !== undefined)
    throw new SessionError("invalid", `The filter's ${problem.path} ${problem.message}.`);
  return toIndexed(wire);
}
