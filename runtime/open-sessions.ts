import type { BackendAbilities, Findable, Scannable, SessionBackend, Sweepable } from "./backends/backend.js";
import { createCleanup, type SessionCleanup } from "./cleanup.js";
import { toMilliseconds } from "./duration.js";
import { type CookieOptions, type CookiePolicy, resolveCookiePolicy } from "./http/cookie-policy.js";
import { withDeadline } from "./layers/deadline.js";
import { toHeader } from "./record/record.js";
import { withShownPaths } from "./record/shown-path.js";
import { createRememberingReader } from "./record/stored-record.js";
import { createScan, createSearch, type SessionScan, type SessionSearch } from "./search.js";
import type { SessionContext } from "./session/context.js";
import type { SessionDictionary } from "./session/dictionary.js";
import { resolveExpiry } from "./session/expiry.js";
import { createFields } from "./session/fields.js";
import { resolveRotation } from "./session/rotation-policy.js";
import type { SessionKind, SessionsOptions } from "./session-kind.js";
import { type DataOf, Sessions } from "./sessions.js";
import { lendBackend } from "./shared-backends.js";
import { ReferenceStore } from "./token/by-reference.js";

/** `Sessions` with the methods that a backend of these abilities allows. */
export type SessionsFor<
  S extends SessionDictionary<DataOf<S>>,
  Indexed,
  A extends BackendAbilities,
> = Sessions<S> &
  (A extends { readonly find: Findable } ? SessionSearch<S, Indexed> : unknown) &
  (A extends { readonly scan: Scannable } ? SessionScan : unknown) &
  (A extends { readonly sweep: Sweepable } ? SessionCleanup : unknown);

/**
 * Makes the sessions of a kind: what generated `createSessions` calls. Nothing is connected and no environment is
 * read before first use. Throws `SessionError` `"config"` for impossible options.
 */
export function openSessions<S extends SessionDictionary<DataOf<S>>, Indexed, A extends BackendAbilities>(
  kind: SessionKind<S>,
  options: SessionsOptions<A>,
  createBackend: () => SessionBackend,
): SessionsFor<S, Indexed, A>;
export function openSessions<S extends SessionDictionary<DataOf<S>>>(
  kind: SessionKind<S>,
  options: SessionsOptions,
  createBackend: () => SessionBackend,
): Sessions<S> {
  const context = createContext(kind, options);
  const { backend: place, release } =
    options.backend === undefined
      ? lendBackend(`${kind.name} ${kind.shapeHash}`, createBackend())
      : { backend: options.backend, release: async () => {} };
  warnOnce(kind, options, place, context);
  const isAtHand = place.loadNow !== undefined;
  const backend = isAtHand ? place : withDeadline(place, context.patience);
  const reader = isAtHand ? createRememberingReader(context) : undefined;
  const sessions = new Sessions({
    Session: kind.Session,
    context: { ...context, store: new ReferenceStore(context, backend, reader) },
    backend,
    cookiePolicy: lazily(
      () => resolveCookiePolicy(cookieOptions(kind, options), kind.name),
      namesEnvironment(kind, options),
    ),
    close: release,
  });
  return Object.assign(sessions, abilityMethods(backend, context));
}

function createContext<S>(kind: SessionKind<S>, options: SessionsOptions): SessionContext {
  const logger = options.logger ?? console;
  const indexes = kind.indexes ?? [];
  return {
    name: kind.name,
    fields: createFields(kind.shape, kind.merge, kind.redact),
    indexes,
    codec: kind.codec,
    shapeHash: kind.shapeHash,
    header: toHeader(kind.codec, kind.shapeHash, kind.name),
    checkWire: withShownPaths(kind.checkWire, kind.shape),
    onInvalid: kind.onInvalid ?? "reset",
    expiry: resolveExpiry({ ...kind.expiry, ...options.expiry }),
    rotation: resolveRotation(options.rotation ?? kind.rotation, indexes),
    patience: toMilliseconds(options.deadline ?? kind.deadline ?? "2s", "deadline"),
    clock: options.clock ?? Date.now,
    warn: (message) => logger.warn(message),
  };
}

/** A method that the backend cannot do does not exist. */
function abilityMethods(
  backend: SessionBackend,
  context: SessionContext,
): Partial<SessionSearch<unknown, object> & SessionScan & SessionCleanup> {
  const { find, scan, sweep } = backend.abilities;
  return {
    ...(find && createSearch({ ...backend, abilities: { ...backend.abilities, find } }, context)),
    ...(scan && createScan(backend, context)),
    ...(sweep && createCleanup(sweep, context)),
  };
}

function cookieOptions<S>(kind: SessionKind<S>, options: SessionsOptions): CookieOptions {
  return { ...kind.cookie, ...options.cookie };
}

function namesEnvironment<S>(kind: SessionKind<S>, options: SessionsOptions): boolean {
  return Object.values(cookieOptions(kind, options)).some((value) => typeof value === "object");
}

/** Computes once: at first use when it has to wait for the environment, else now, so that mistakes show at start. */
function lazily(compute: () => CookiePolicy, isLate: boolean): () => CookiePolicy {
  let policy = isLate ? undefined : compute();
  return () => {
    policy ??= compute();
    return policy;
  };
}

const warned = new Set<string>();

function warnOnce<S>(
  kind: SessionKind<S>,
  options: SessionsOptions,
  place: SessionBackend,
  context: SessionContext,
): void {
  const once = (message: string): void => {
    if (warned.has(message)) return;
    warned.add(message);
    context.warn(message);
  };
  if (cookieOptions(kind, options).secure === false) {
    once(
      `The ${kind.name} cookie is sent over plain HTTP too (cookie.secure is false): for development only.`,
    );
  }
  if (place.place === "memory" && process.env["NODE_ENV"] === "production") {
    once(
      `The ${kind.name} backend is memory: every session is forgotten at restart, and each process has its own.`,
    );
  }
}
