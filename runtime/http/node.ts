import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { assertHandler, checkAdapter } from "./adapter-check.js";
import type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
import { runExchange } from "./node-exchange.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `nodeSession`. */
export type NodeSessionOptions = AdapterOptions<IncomingMessage, ServerResponse>;

/** Answers a request; what it throws or rejects with becomes an answer without details. */
export type NodeSessionHandler<S> = (
  request: IncomingMessage,
  response: ServerResponse,
  session: S,
) => unknown;

/**
 * A request listener for `http.createServer`: the session is loaded before the handler, and stored before the first
 * byte of its response leaves. What changes later is stored at the end of the body, when that needs no cookie.
 * With the option `skip` the session may be `undefined`.
 */
export function nodeSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  handler: NodeSessionHandler<S>,
  options?: NodeSessionOptions & { readonly skip?: never },
): RequestListener;
export function nodeSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  handler: NodeSessionHandler<S | undefined>,
  options: NodeSessionOptions,
): RequestListener;
export function nodeSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  handler: NodeSessionHandler<S | undefined>,
  options?: NodeSessionOptions,
): RequestListener {
  const csrf = checkAdapter({ name: "nodeSession", sessions, options, more: {} });
  assertHandler("nodeSession", handler);
  return (request, response) =>
    runExchange(
      { sessions, options, csrf, request, response, incoming: request, outgoing: response },
      { handle: (session) => handler(request, response, session) },
    );
}
