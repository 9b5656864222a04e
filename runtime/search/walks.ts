import type {
  BackendAbilities,
  Findable,
  Listable,
  RecordPage,
  SessionBackend,
  SessionRecord,
} from "../backends/backend.js";
import { isOfKind } from "../record/record.js";
import { isOurs, readAnyRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import { SessionError } from "../session-error.js";
import { isHandle } from "../token/session-key.js";
import { type Criteria, matches } from "./criteria.js";

type Pages = (after: string | undefined) => Promise<RecordPage>;

const pageSize = 500;

/** The records that are wanted, read page by page. */
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

/** The records that match. */
export function walkMatching(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  criteria: Criteria,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  return criteria.handle === undefined
    ? walkIndex(backend, criteria, context)
    : follow({ backend, criteria, context }, criteria.handle);
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
    const found = walk(
      (after) => backend.abilities.find.find({ field, value, ...page(after) }),
      (record) => matches(record, criteria, context),
    );
    for await (const record of found) {
      if (seen.has(record.id)) continue;
      if (candidates.length > 1) seen.add(record.id);
      yield record;
    }
  }
}

interface HandleSearch {
  readonly backend: SessionBackend;
  readonly criteria: Criteria;
  readonly context: SessionContext;
}

/** A handle that was shown before its key was changed still means that session, and so does one after it if that was undone. */
async function* follow(
  { backend, criteria, context }: HandleSearch,
  handle: string,
): AsyncGenerator<SessionRecord> {
  const seen = new Set<string>();
  let unfinished: SessionRecord | null = null;
  // It may come from a form: what is no handle is the handle of nothing.
  let id = isHandle(handle) ? context.tenant.idPrefix + handle : null;
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const record: SessionRecord | null = await backend.load(id);
    const found = record && readAnyRecord(record, context);
    if (record !== null && found?.is !== "moved") {
      if (matches(record, criteria, context)) yield record;
      return;
    }
    if (found?.is === "moved" && found.moved.unfinished !== undefined) unfinished = record;
    id = found?.is === "moved" ? found.moved.to : null;
  }
  // The new record of a change that was not finished is gone: what it was can still come back.
  if (unfinished !== null && matches(unfinished, criteria, context)) yield unfinished;
}

/** Every record of the kind, whoever it belongs to. */
export function walkEveryone(
  backend: SessionBackend,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  return walk(scanPages(backend), (record) => isOfKind(record.header, context.name));
}

/** Every session of the tenant, or of those without one. */
export function walkTenant(backend: SessionBackend, context: SessionContext): AsyncGenerator<SessionRecord> {
  const { list } = backend.abilities;
  const { name } = context.tenant;
  // Where nobody else is, a walk over all is the shorter one.
  const pages = list === undefined || name === null ? scanPages(backend) : listPages(list, name);
  return walk(pages, (record) => isOurs(record, context) && record.tenant === name);
}

/**
 * The same, and then what only tells where a session has gone. One that is given another key during the walk is among
 * the one or the other, though both of its records may have been where the walk was not at that moment.
 */
export async function* walkTenantAndMoved(
  list: Listable,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  for (const name of [context.tenant.name, context.tenant.movedName]) {
    yield* walk(listPages(list, name), (record) => isOfKind(record.header, context.name));
  }
}

function scanPages({ abilities: { scan } }: SessionBackend): Pages {
  if (scan === undefined) {
    throw new SessionError("unsupported", "This backend cannot walk over all sessions.");
  }
  return (after) => scan.scan(page(after));
}

function listPages(list: Listable, tenant: string | null): Pages {
  return (after) => list.list({ tenant, ...page(after) });
}

function page(after: string | undefined): { readonly after?: string; readonly limit: number } {
  return after === undefined ? { limit: pageSize } : { after, limit: pageSize };
}
