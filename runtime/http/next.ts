import { SessionError } from "../platform/errors.js";
import { stateOf } from "../session/dictionary.js";
import { checkAdapter } from "./adapter-check.js";
import { type AdapterOptions, type SessionsForAdapters, warn, withoutSessions } from "./exchange.js";
import { runFetchExchange } from "./fetch-exchange.js";
import { cookieHeaderOf, type NextCookies, requireWritable, toNextCookie } from "./next/cookie-jar.js";
import { goOn, withCookiesOf } from "./next/proxied-request.js";
import { type Replacement, replaceMethods } from "./replaced-methods.js";
import { readSlot, writeSlot } from "./request-slot.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
export type { NextCookie, NextCookies } from "./next/cookie-jar.js";

/** Options of `sessionProxy`. What `onError` returns, when it is a `Response`, is the answer. */
export type SessionProxyOptions = AdapterOptions<Request, Response>;

/**
 * The session of the request that Next is at, in a Server Component, a Server Action or a Route Handler; `cookies` is what
 * `await cookies()` gives. Whoever asks in one request gets the same one. Nothing is saved by itself: `save()`, `cycleKey()`
 * and `destroy()` write the record and the cookie. Where Next lets no cookie be set, as in a Server Component, they reject with
 * `SessionError` `"unsupported"`, and write nothing. Rejects with `SessionError` when the backend fails.
 */
export function getSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  cookies: NextCookies,
): Promise<S> {
  if (typeof sessions?.openNow !== "function") return Promise.reject(withoutSessions());
  // Without types it may be a promise that nobody has waited for.
  if (typeof cookies?.getAll !== "function") return Promise.reject(withoutCookies());
  const kinds = requests.get(cookies) ?? new WeakMap<object, object>();
  requests.set(cookies, kinds);
  const kept = kinds.get(sessions) ?? {};
  kinds.set(sessions, kept);
  const loaded = readSlot<Promise<S>>(kept, promise) ?? load(sessions, cookies);
  writeSlot(kept, promise, loaded);
  // One that could not be loaded can be asked for again.
  loaded.catch(() => kinds.delete(sessions));
  return loaded;
}

/**
 * A proxy, in `proxy.ts`, or in `middleware.ts` of Next 15 under the runtime `nodejs`: it keeps a session alive that is only
 * read, and renews its key and its cookie when that is due, which rendering cannot. The rest of the request sees the new
 * cookie. A session that cannot be loaded is answered with 503; see `AdapterOptions`.
 */
export function sessionProxy<S extends object>(
  sessions: SessionsForAdapters<S>,
  options?: SessionProxyOptions,
): (request: Request) => Promise<Response> {
  const csrf = checkAdapter({ name: "sessionProxy", sessions, options, more: {} });
  return async (request) => {
    const exchange = { sessions, options, csrf, request, incoming: request };
    return withCookiesOf(request, await runFetchExchange(exchange, goOn));
  };
}

function withoutCookies(): SessionError {
  return new SessionError(
    "config",
    "getSession needs the cookies of next/headers after the sessions: getSession(sessions, await cookies()).",
  );
}

/** The sessions of each request, which is known by its cookies: Next gives the same object to whoever asks. */
const requests = new WeakMap<NextCookies, WeakMap<object, object>>();

const promise = Symbol("promise");

async function load<S extends object>(sessions: SessionsForAdapters<S>, cookies: NextCookies): Promise<S> {
  const session = await sessions.openNow(cookieHeaderOf(cookies));
  const send = async (): Promise<void> => {
    // What was done, whether all of it was or not: a logout takes the cookie back all the same.
    const headers = await sessions.commitNow(session, { status: 500, failed: true });
    for (const [name, value] of headers) if (name === "Set-Cookie") cookies.set(toNextCookie(value));
  };
  places.set(session, { check: () => requireWritable(cookies, sessions.name), send });
  replaceMethods(session, writing);
  return session;
}

/** What a session that writes cookies by itself needs to know. */
interface Place {
  /** Throws where no cookie can be set. */
  readonly check: () => void;
  /** Sets those that are due. */
  readonly send: () => Promise<void>;
}

const places = new WeakMap<object, Place>();

/** Here no end of a request hears of a write that the app does not wait for: its failure is a warning, and must not end the process. */
const write: Replacement = (session, own) => {
  const written = writeAt(places.get(session), own);
  written.catch(warn);
  return written;
};

async function writeAt(place: Place | undefined, own: () => Promise<unknown>): Promise<unknown> {
  place?.check();
  try {
    return await own();
  } finally {
    await place?.send();
  }
}

/** What may change the key, or how long the cookie lives. */
const writing: Readonly<Record<string, Replacement>> = {
  ...{ save: write, touch: write, cycleKey: write, destroy: write },
  ensureKey: (session, own) => (stateOf(session).key === null ? write(session, own, []) : own()),
};
