import { createSearch } from "./admin/search.js";
import { checkedBackend } from "./backends/any-backend.js";
import { withDeadline } from "./backends/deadline.js";
import { createContext } from "./create-context.js";
import { openKept } from "./open-kept-sessions.js";
import type { KeyTexts } from "./platform/crypto/key-text.js";
import { SessionError } from "./platform/errors.js";
import { warnOnce } from "./platform/warner.js";
import type { SessionContext } from "./session/context.js";
import type { DataOf, SessionOf } from "./session/dictionary.js";
import type { SessionKind, SessionsOptions, TenantedKind } from "./session-kind.js";
import { BaseSessions } from "./sessions.js";
import { assertSessionsOptions } from "./sessions-options.js";
import { lendBackend } from "./shared-backends.js";
import { watchBackend, watchStore } from "./store/observed.js";
import { withReadyFormat } from "./store/ready-format.js";
import { type Tenanted, withTenants } from "./tenanted.js";
import { ValueStore } from "./token/by-value.js";
import { RecentTokens } from "./token/recent-tokens.js";
import { createRefusalLog } from "./token/refusal-log.js";
import { createRevocationSweep, Revocations } from "./token/revocations.js";
import { isHandle } from "./token/session-key.js";
import type { TokenStore } from "./token/token-store.js";
import { createLateCookiePolicy, waitsForEnvironment } from "./transport/late-cookie-policy.js";
import { createTokenRoom } from "./transport/token-size.js";
import type { Findable, SessionBackend } from "./types/backend.js";
import type { SessionSeal } from "./types/seal.js";

/**
 * What can be replaced when sealed sessions are opened: each member stands in for that of the schema. With `backend` the
 * sessions are kept there and the client carries a key only, as tests may want it; what has ended need not be remembered.
 */
export interface SealedSessionsOptions extends SessionsOptions {
  /** The first seals, all open. From the environment: parted by commas. */
  readonly keys?: KeyTexts;
}

/**
 * Sessions that clients carry. None can be ended but by its own client, so that `delete` and `revoke` do not exist.
 */
export type SealedSessions<S extends SessionOf<DataOf<S>>> = BaseSessions<S>;

/** Sessions that clients carry, and that can be ended all the same, since the ids of ended ones are stored. */
export type RevocableSessions<S extends SessionOf<DataOf<S>>> = BaseSessions<S> & SessionRevocation;

/** What sealed sessions can do when a backend keeps the ids of those that have ended. */
export interface SessionRevocation {
  /** Ends the session that a key opens, whatever else it is sealed in. `false` when it opens none. */
  delete(key: string): Promise<boolean>;
  /** Ends the session of a handle: "log out this device". Answers how many were ended; one that nobody has counts too. */
  revoke(filter: { readonly handle: string }): Promise<number>;
}

/**
 * Makes the sessions of a kind that a seal gives to the client: what generated `createSessions` calls. `createSeal` gets
 * the name of the cookie, at first use when that comes from the environment; no environment is read and nothing is connected before. With `createRevocation`,
 * a logout is final: the ids of ended sessions are kept in that backend until no token of them can be alive. Throws
 * `SessionError` `"config"` for impossible options.
 */
export function openSealedSessions<S extends SessionOf<DataOf<S>>>(
  kind: TenantedKind<S>,
  options: SealedSessionsOptions,
  createSeal: (cookieName: string) => SessionSeal,
): Tenanted<SealedSessions<S>, SealedSessions<S>>;
export function openSealedSessions<S extends SessionOf<DataOf<S>>>(
  kind: TenantedKind<S>,
  options: SealedSessionsOptions,
  createSeal: (cookieName: string) => SessionSeal,
  createRevocation: () => SessionBackend,
): Tenanted<RevocableSessions<S>, RevocableSessions<S>>;
export function openSealedSessions<S extends SessionOf<DataOf<S>>>(
  kind: SessionKind<S>,
  options: SealedSessionsOptions,
  createSeal: (cookieName: string) => SessionSeal,
): SealedSessions<S>;
export function openSealedSessions<S extends SessionOf<DataOf<S>>>(
  kind: SessionKind<S>,
  options: SealedSessionsOptions,
  createSeal: (cookieName: string) => SessionSeal,
  createRevocation: () => SessionBackend,
): RevocableSessions<S>;
export function openSealedSessions<S extends SessionOf<DataOf<S>>>(
  kind: SessionKind<S>,
  options: SealedSessionsOptions,
  createSeal: (cookieName: string) => SessionSeal,
  createRevocation?: () => SessionBackend,
): SealedSessions<S> {
  assertSessionsOptions(options);
  // The keys are the seal's; those that encrypt what it seals are the kind's own.
  const { keys: _sealing, ...others } = options;
  const { backend } = others;
  if (backend !== undefined) {
    return openKept(
      kind,
      others,
      { backend: checkedBackend(backend), release: async () => {} },
      createRevocation && revocationIn,
    );
  }
  if (kind.tenancy?.maxSessions !== undefined) throw uncounted();
  const context = createContext(kind, others);
  const cookiePolicy = createLateCookiePolicy(context, kind.cookie, options.cookie);
  const lent =
    createRevocation && lendBackend(`${kind.name} ${kind.shapeHash} revocation`, createRevocation());
  const shared = {
    // At once when it can be, so that impossible keys show at start.
    seal: waitsForEnvironment(kind.cookie, options.cookie)
      ? createLateSeal(() => createSeal(cookiePolicy().name))
      : createSeal(cookiePolicy().name),
    room: createTokenRoom(context, cookiePolicy, { changesIds: lent !== undefined }),
    refusals: createRefusalLog(context),
    recent: new RecentTokens(),
  };
  const slot = Symbol(kind.name);
  const revocationsOf = lent === undefined ? () => null : createRevocations(lent.backend, context);
  const openAs = (own: SessionContext, close: () => Promise<void>): SealedSessions<S> => {
    const revocations = revocationsOf(own);
    const store = watchStore(new ValueStore({ ...shared, context: own, revocations }), own);
    const sessions = new BaseSessions<S>({
      Session: kind.Session,
      context: { ...own, store },
      slot,
      cookiePolicy,
      close,
    });
    return revocations === null
      ? sessions
      : Object.assign(sessions, revocationMethods(store, revocations, own));
  };
  return withTenants(
    openAs(context, async () => lent?.release()),
    kind.tenancy,
    (tenant) => openAs({ ...context, tenant }, async () => {}),
  );
}

function uncounted(): SessionError {
  return new SessionError("config", "Sessions that clients carry cannot be counted: leave maxSessions out.");
}

/** `revoke` over a backend that keeps the sessions; `delete` is there. A handle is found without looking anything up. */
function revocationIn(backend: SessionBackend, context: SessionContext): Pick<SessionRevocation, "revoke"> {
  const find: Findable = { find: async () => ({ records: [] }) };
  const { revoke } = createSearch<unknown, object>(
    { ...backend, abilities: { ...backend.abilities, find } },
    context,
  );
  return { revoke };
}

function createRevocations(
  backend: SessionBackend,
  context: SessionContext,
): (own: SessionContext) => Revocations {
  if (backend.place === "memory" && process.env["NODE_ENV"] === "production") {
    warnOnce(
      context,
      `The revocation of the ${context.name} is memory: after a restart, and in other processes, those that were ended open again.`,
    );
  }
  const bounded = withReadyFormat(
    watchBackend(withDeadline(backend, context.patience), context),
    context.format,
  );
  const sweep = createRevocationSweep(bounded, context.clock);
  return (own) => new Revocations(bounded, own, sweep);
}

function revocationMethods(
  store: TokenStore,
  revocations: Revocations,
  context: SessionContext,
): SessionRevocation {
  return {
    delete: async (key) => store.isToken(key) && store.endByToken(key),
    async revoke({ handle }) {
      // Without types it may be nothing at all, which must not pass for a session that is not there.
      if (typeof handle !== "string") throw notAHandle();
      if (!isHandle(handle)) return 0;
      // When it began is in its tokens only; none can have begun later than now.
      if (!(await revocations.end(handle, context.clock()))) return 0;
      context.analytics?.note({ type: "deleted", reason: "revoked", count: 1, handle });
      return 1;
    },
  };
}

function notAHandle(): SessionError {
  return new SessionError("invalid", "The filter's handle is no text; it comes from session.handle.");
}

/** A seal that is made when it is first used. */
function createLateSeal(create: () => SessionSeal): SessionSeal {
  let made: SessionSeal | undefined;
  const seal = (): SessionSeal => {
    if (made !== undefined) return made;
    made = create();
    const { sealNow, openNow } = made;
    Object.assign(late, { ...(sealNow && { sealNow }), ...(openNow && { openNow }) });
    return made;
  };
  const late: SessionSeal = {
    seal: async (record) => seal().seal(record),
    open: async (token, now) => seal().open(token, now),
    ready: async () => seal().ready?.(),
  };
  return late;
}
