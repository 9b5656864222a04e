import { SessionError } from "../../platform/errors.js";
import { isOfKind } from "../../record/record.js";
import { isOurs, readAnyRecord } from "../../record/stored-record.js";
import type { SessionContext } from "../../session/context.js";
import { isHandle } from "../../token/session-key.js";
import type {
  BackendAbilities,
  Findable,
  Listable,
  RecordPage,
  SessionBackend,
  SessionRecord,
} from "../../types/backend.js";
import type { Criteria } from "./criteria.js";
import { planSearch, type SearchPlan } from "./search-plan.js";

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
export async function* walkMatching(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  criteria: Criteria,
  context: SessionContext,
): AsyncGenerator<SessionRecord> {
  const plan = await planSearch(backend, criteria, context);
  if (criteria.handle !== undefined) yield* follow({ backend, plan, context }, criteria.handle);
  else if (plan.by === undefined) yield* walk(ownPages(backend, context), plan.isMatch);
  else yield* walkIndex(backend, plan, plan.by);
}

/** What is saved during the walk moves to the last candidate, and may be met twice. */
async function* walkIndex(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  { isMatch }: SearchPlan,
  [field, candidates]: NonNullable<SearchPlan["by"]>,
): AsyncGenerator<SessionRecord> {
  const seen = new Set<string>();
  for (const value of candidates) {
    const found = walk((after) => backend.abilities.find.find({ field, value, ...page(after) }), isMatch);
    for await (const record of found) {
      if (seen.has(record.id)) continue;
      if (candidates.length > 1) seen.add(record.id);
      yield record;
    }
  }
}

interface HandleSearch {
  readonly backend: SessionBackend;
  readonly plan: SearchPlan;
  readonly context: SessionContext;
}

/** A handle that was shown before its key was changed still means that session, and so does one after it if that was undone. */
async function* follow(
  { backend, plan, context }: HandleSearch,
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
      if (plan.isMatch(record)) yield record;
      return;
    }
    if (found?.is === "moved" && found.moved.unfinished !== undefined) unfinished = record;
    id = found?.is === "moved" ? found.moved.to : null;
  }
  // The new record of a change that was not finished is gone: what it was can still come back.
  if (unfinished !== null && plan.isMatch(unfinished)) yield unfinished;
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
  const { name } = context.tenant;
  return walk(ownPages(backend, context), (record) => isOurs(record, context) && record.tenant === name);
}

/** Where nobody else is, a walk over all is the shorter one. */
function ownPages(backend: SessionBackend, { tenant: { name } }: SessionContext): Pages {
  const { list } = backend.abilities;
  return list === undefined || name === null ? scanPages(backend) : listPages(list, name);
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
