import type { SessionCleanup } from "./admin/cleanup.js";
import type { SessionScan, SessionSearch, TenantListing } from "./admin/search.js";
import { checkedBackend } from "./backends/any-backend.js";
import { openKept } from "./open-kept-sessions.js";
import type { DataOf, SessionOf } from "./session/dictionary.js";
import type { SessionKind, StoredSessionsOptions, TenantedKind } from "./session-kind.js";
import type { Sessions } from "./sessions.js";
import { assertSessionsOptions } from "./sessions-options.js";
import { lendBackend } from "./shared-backends.js";
import type { Tenanted } from "./tenanted.js";
import type {
  BackendAbilities,
  Findable,
  Listable,
  Scannable,
  SessionBackend,
  Sweepable,
} from "./types/backend.js";

/** `Sessions` with the methods that a backend of these abilities allows. */
export type SessionsFor<S extends SessionOf<DataOf<S>>, Indexed, A extends BackendAbilities> = Sessions<S> &
  (A extends { readonly find: Findable } ? SessionSearch<S, Indexed> : unknown) &
  (A extends { readonly scan: Scannable } ? SessionScan : unknown) &
  (A extends { readonly sweep: Sweepable } ? SessionCleanup : unknown);

/** The sessions of one tenant, with the methods that a backend of these abilities allows. */
export type TenantSessions<
  S extends SessionOf<DataOf<S>>,
  Indexed,
  A extends BackendAbilities,
> = Sessions<S> &
  (A extends { readonly find: Findable } ? SessionSearch<S, Indexed> : unknown) &
  (A extends { readonly list: Listable } ? TenantListing<S> : unknown);

/** `Sessions` of a kind that keeps tenants apart. */
export type TenantedSessionsFor<
  S extends SessionOf<DataOf<S>>,
  Indexed,
  A extends BackendAbilities,
> = Tenanted<SessionsFor<S, Indexed, A>, TenantSessions<S, Indexed, A>>;

/**
 * Makes the sessions of a kind: what generated `createSessions` calls. Nothing is connected and no environment is
 * read before first use. Throws `SessionError` `"config"` for impossible options.
 */
export function openSessions<S extends SessionOf<DataOf<S>>, Indexed, A extends BackendAbilities>(
  kind: TenantedKind<S>,
  options: StoredSessionsOptions<A>,
  createBackend: () => SessionBackend,
): TenantedSessionsFor<S, Indexed, A>;
export function openSessions<S extends SessionOf<DataOf<S>>, Indexed, A extends BackendAbilities>(
  kind: SessionKind<S>,
  options: StoredSessionsOptions<A>,
  createBackend: () => SessionBackend,
): SessionsFor<S, Indexed, A>;
export function openSessions<S extends SessionOf<DataOf<S>>>(
  kind: SessionKind<S>,
  options: StoredSessionsOptions,
  createBackend: () => SessionBackend,
): Sessions<S> {
  assertSessionsOptions(options);
  const { backend } = options;
  if (backend !== undefined)
    return openKept(kind, options, { backend: checkedBackend(backend), release: async () => {} });
  return openKept(
    kind,
    options,
    lendBackend(`${kind.name} ${kind.shapeHash}`, checkedBackend(createBackend())),
  );
}
