import { assertOptions, type OptionType } from "../platform/options.js";
import { toData } from "../record/copy-data.js";
import { readRecord } from "../record/stored-record.js";
import type { SessionContext } from "../session/context.js";
import type { DataOf } from "../session/dictionary.js";
import { handleIn } from "../token/session-key.js";
import type {
  BackendAbilities,
  Findable,
  Listable,
  SessionBackend,
  SessionRecord,
} from "../types/backend.js";
import { toCriteria } from "./search/criteria.js";
import { removeUntilNone } from "./search/remove-until-none.js";
import { planSearch } from "./search/search-plan.js";
import { walkEveryone, walkMatching, walkTenant, walkTenantAndMoved } from "./search/walks.js";

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
export type FilterOf<Indexed> = AtLeastOneOf<Required<Indexed> & ByHandle>;

interface ByHandle {
  /** The public hash of one session's key: `session.handle`. */
  readonly handle: string;
}

/** Written out member by member, since this is what TypeScript's messages show. */
type AtLeastOneOf<All> = {
  [Name in keyof All]: {
    [Each in keyof (Pick<All, Name> & Partial<Omit<All, Name>>)]: (Pick<All, Name> &
      Partial<Omit<All, Name>>)[Each];
  };
}[keyof All];

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

/** What the sessions of a tenant can do when its backend can list them. */
export interface TenantListing<S> {
  /** Its live sessions, read page by page. Unreadable ones are left out. */
  list(): AsyncIterable<SessionSummary<DataOf<S>>>;
  /** How many there are. */
  count(): Promise<number>;
  /** Ends every session of this kind and tenant, those that begin meanwhile included; answers how many. */
  revokeAll(): Promise<number>;
}

/** Anything else would be taken for nobody, and the session that was meant ended. */
const session: OptionType = {
  words: "a session",
  accepts: (value) => typeof value === "object" && value !== null && "handle" in value,
};

/** The searching methods of `Sessions`, over a backend that can find. */
export function createSearch<S, Indexed>(
  backend: SessionBackend<BackendAbilities & { readonly find: Findable }>,
  context: SessionContext,
): SessionSearch<S, Indexed> {
  const matching = (filter: FilterOf<Indexed>): AsyncIterable<SessionRecord> =>
    walkMatching(backend, toCriteria(filter, context), context);
  return {
    find: (filter) => summaries<S>(() => matching(filter), context),
    count: async (filter) =>
      countOf(filter === undefined ? walkTenant(backend, context) : matching(filter), context),
    async revoke(filter, options = {}) {
      assertOptions("revoke", options, { except: session });
      const criteria = toCriteria(filter, context);
      const { by } = await planSearch(backend, criteria, context);
      // Else one goes meanwhile from what is walked last to what was walked first: by a change of its key in a walk over all, and
      // where encryption keys take turns by a write.
      const isOneLook = criteria.handle !== undefined || by?.[1].length === 1;
      return removeUntilNone({
        backend,
        context,
        records: () => walkMatching(backend, criteria, context),
        except: options.except,
        // An index finds a session again that was moved meanwhile; a handle does not.
        isFollowed: criteria.handle !== undefined,
        emptyWalks: isOneLook ? 1 : 2,
      });
    },
  };
}

/** Ends every session, those that begin meanwhile included. */
export function createScan(backend: SessionBackend, context: SessionContext): SessionScan {
  return {
    revokeAll: () => removeUntilNone({ backend, context, records: () => walkEveryone(backend, context) }),
  };
}

/** Ends the sessions that belong to no tenant, of a kind that keeps tenants apart. */
export function createOwnScan(backend: SessionBackend, context: SessionContext): SessionScan {
  return {
    revokeAll: () => removeUntilNone({ backend, context, records: () => walkTenant(backend, context) }),
  };
}

/** The listing methods of the sessions of a tenant, over a backend that can list. */
export function createListing<S>(
  backend: SessionBackend<BackendAbilities & { readonly list: Listable }>,
  context: SessionContext,
): TenantListing<S> {
  const everyone = (): AsyncGenerator<SessionRecord> => walkTenant(backend, context);
  return {
    list: () => summaries<S>(everyone, context),
    count: () => countOf(everyone(), context),
    revokeAll: () =>
      removeUntilNone({
        backend,
        context,
        records: () => walkTenantAndMoved(backend.abilities.list, context),
        // A session whose change of key is undone goes from what was walked last to what was walked first.
        emptyWalks: 2,
      }),
  };
}

async function* summaries<S>(
  records: () => AsyncIterable<SessionRecord>,
  context: SessionContext,
): AsyncGenerator<SessionSummary<DataOf<S>>> {
  for await (const record of records()) {
    const summary = summarize<DataOf<S>>(record, context);
    if (summary !== null) yield summary;
  }
}

async function countOf(records: AsyncIterable<SessionRecord>, context: SessionContext): Promise<number> {
  let count = 0;
  for await (const record of records) if (summarize(record, context) !== null) count += 1;
  return count;
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
  return { handle: handleIn(id), createdAt, expiresAt, data: toData(fields, context.fields) as Data };
}
