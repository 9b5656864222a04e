import { createCleanup, type SessionCleanup } from "./admin/cleanup.js";
import {
  createListing,
  createScan,
  createSearch,
  type SessionScan,
  type SessionSearch,
  type TenantListing,
} from "./admin/search.js";
import { withDeadline } from "./backends/deadline.js";
import { createContext } from "./create-context.js";
import { warnOnce } from "./platform/warner.js";
import { createRememberingReader } from "./record/stored-record.js";
import type { SessionContext } from "./session/context.js";
import type { DataOf, SessionOf } from "./session/dictionary.js";
import type { SessionKind, StoredSessionsOptions } from "./session-kind.js";
import { Sessions } from "./sessions.js";
import type { LentBackend } from "./shared-backends.js";
import { withIndexSignIn } from "./store/index-registration.js";
import { requireLimit } from "./store/limits.js";
import { watchBackend, watchEvictions, watchStore } from "./store/observed.js";
import { withReadyFormat } from "./store/ready-format.js";
import { withTenants } from "./tenanted.js";
import { ReferenceStore } from "./token/by-reference.js";
import { createLateCookiePolicy } from "./transport/late-cookie-policy.js";
import type { BackendAbilities, SessionBackend } from "./types/backend.js";

/** Methods beyond those that the backend's abilities give. */
export type MoreMethods = (backend: SessionBackend, context: SessionContext) => object;

/**
 * Makes the sessions of a kind that a backend keeps, with the methods that it can do, and of each tenant where the kind
 * keeps them apart. Throws `SessionError` `"config"` for impossible options.
 */
export function openKept<S extends SessionOf<DataOf<S>>>(
  kind: SessionKind<S>,
  options: StoredSessionsOptions,
  { backend: place, release }: LentBackend<BackendAbilities>,
  more: MoreMethods = () => ({}),
): Sessions<S> {
  const context = createContext(kind, options);
  if (kind.tenancy?.maxSessions !== undefined) requireLimit(place);
  warnOfForgetting(place, context);
  const isAtHand = place.isInProcess === true;
  const bounded = watchBackend(
    isAtHand ? place : withIndexSignIn(withDeadline(place, context.patience), context),
    context,
  );
  // What memory holds was written by this process, which has loaded what it writes with, if that is a package.
  const isReady = isAtHand ? !needsPeer(kind) : context.format.isReady();
  const backend = isReady ? bounded : withReadyFormat(bounded, context.format);
  const reader = isAtHand ? createRememberingReader(context) : undefined;
  const shared = {
    Session: kind.Session,
    slot: Symbol(kind.name),
    cookiePolicy: createLateCookiePolicy(context, kind.cookie, options.cookie),
  };
  const openAs = (own: SessionContext, close: () => Promise<void>): Sessions<S> =>
    new Sessions({
      ...shared,
      context: { ...own, store: watchStore(new ReferenceStore(own, backend, reader), own) },
      close,
    });
  const close = watchEvictions(place, context, release);
  return withTenants(
    Object.assign(openAs(context, close), abilityMethods(backend, context), more(backend, context)),
    kind.tenancy,
    (tenant) => {
      const own = { ...context, tenant };
      return Object.assign(openAs(own, stayOpen), tenantMethods(backend, own), more(backend, own));
    },
  );
}

/** The connections of a tenant are those of all. */
async function stayOpen(): Promise<void> {}

/** A method that the backend cannot do does not exist. */
function abilityMethods(
  backend: SessionBackend,
  context: SessionContext,
): Partial<SessionSearch<unknown, object> & SessionScan & SessionCleanup> {
  const { scan, sweep } = backend.abilities;
  return {
    ...searchMethods(backend, context),
    ...(scan && createScan(backend, context)),
    ...(sweep && createCleanup(sweep, context)),
  };
}

/** The same for the sessions of one tenant: what is over is not cleaned up tenant by tenant. */
function tenantMethods(
  backend: SessionBackend,
  context: SessionContext,
): Partial<SessionSearch<unknown, object> & TenantListing<unknown>> {
  const { list } = backend.abilities;
  const listing = list && createListing({ ...backend, abilities: { ...backend.abilities, list } }, context);
  const search = searchMethods(backend, context);
  // Without a filter both count the same.
  return { ...listing, ...search };
}

function searchMethods(
  backend: SessionBackend,
  context: SessionContext,
): Partial<SessionSearch<unknown, object>> {
  const { find } = backend.abilities;
  return find === undefined
    ? {}
    : createSearch({ ...backend, abilities: { ...backend.abilities, find } }, context);
}

function needsPeer<S>({ codec, formerCodecs = [], compression }: SessionKind<S>): boolean {
  return [codec, ...formerCodecs, compression].some((part) => part?.peer !== undefined);
}

function warnOfForgetting(place: SessionBackend, context: SessionContext): void {
  if (place.place !== "memory" || process.env["NODE_ENV"] !== "production") return;
  warnOnce(
    context,
    `The ${context.name} backend is memory: every session is forgotten at restart, and each process has its own.`,
  );
}
