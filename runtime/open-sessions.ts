import type { BackendAbilities, Findable, Scannable, SessionBackend, Sweepable } from "./backends/backend.js";
import { createCleanup, type SessionCleanup } from "./cleanup.js";
import { createContext, warnOnce } from "./create-context.js";
import { createLateCookiePolicy } from "./http/late-cookie-policy.js";
import { withDeadline } from "./layers/deadline.js";
import { withReadyFormat } from "./layers/ready-format.js";
import { createRememberingReader } from "./record/stored-record.js";
import { createScan, createSearch, type SessionScan, type SessionSearch } from "./search.js";
import type { SessionContext } from "./session/context.js";
import type { SessionDictionary } from "./session/dictionary.js";
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
  const cookiePolicy = createLateCookiePolicy(context, kind.cookie, options.cookie);
  const { backend: place, release } =
    options.backend === undefined
      ? lendBackend(`${kind.name} ${kind.shapeHash}`, createBackend())
      : { backend: options.backend, release: async () => {} };
  warnOfForgetting(place, context);
  const isAtHand = place.loadNow !== undefined;
  const bounded = isAtHand ? place : withDeadline(place, context.patience);
  // What memory holds was written by this process, which has loaded what it writes with, if that is a package.
  const isReady = isAtHand ? !needsPeer(kind) : context.format.isReady();
  const backend = isReady ? bounded : withReadyFormat(bounded, context.format);
  const reader = isAtHand ? createRememberingReader(context) : undefined;
  const sessions = new Sessions({
    Session: kind.Session,
    context: { ...context, store: new ReferenceStore(context, backend, reader) },
    cookiePolicy,
    close: release,
  });
  return Object.assign(sessions, abilityMethods(backend, context));
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
