import { assertHandler, checkAdapter } from "./adapter-check.js";
import type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
import { runFetchExchange } from "./fetch-exchange.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `fetchSession`. What `onError` returns, when it is a `Response`, is the answer. */
export type FetchSessionOptions = AdapterOptions<Request, Response>;

/** Answers a request. `more` is whatever else the platform hands to a fetch handler. */
export type FetchSessionHandler<S, More extends readonly unknown[]> = (
  request: Request,
  session: S,
  ...more: More
) => Response | Promise<Response>;

/** What platforms call: Bun, Deno, workers, and servers built on `Request` and `Response`. */
export type FetchListener<More extends readonly unknown[]> = (
  request: Request,
  ...more: More
) => Promise<Response>;

/**
 * A handler of `Request` and `Response`: the session is loaded before yours, and stored before its response is given
 * away. What changes while a body is streamed is stored at its end, when that needs no cookie. What the platform passes
 * on besides the request comes after the session. With the option `skip` the session may be `undefined`.
 */
export function fetchSession<S extends object, More extends readonly unknown[] = []>(
  sessions: SessionsForAdapters<S>,
  handler: FetchSessionHandler<S, More>,
  options?: FetchSessionOptions & { readonly skip?: never },
): FetchListener<More>;
export function fetchSession<S extends object, More extends readonly unknown[] = []>(
  sessions: SessionsForAdapters<S>,
  handler: FetchSessionHandler<S | undefined, More>,
  options: FetchSessionOptions,
): FetchListener<More>;
export function fetchSession<S extends object, More extends readonly unknown[] = []>(
  sessions: SessionsForAdapters<S>,
  handler: FetchSessionHandler<S | undefined, More>,
  options?: FetchSessionOptions,
): FetchListener<More> {
  const csrf = checkAdapter({ name: "fetchSession", sessions, options, more: {} });
  assertHandler("fetchSession", handler);
  return (request, ...more) =>
    runFetchExchange({ sessions, options, csrf, request, incoming: request }, (session) =>
      handler(request, session, ...more),
    );
}
