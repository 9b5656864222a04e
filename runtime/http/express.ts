import type { Request, RequestHandler, Response } from "express";
import { type AdapterOptions, type SessionsForAdapters, tenancyFault } from "./exchange.js";
import { runExchange } from "./node-exchange.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `expressSession`. */
export type ExpressSessionOptions = AdapterOptions<Request, Response>;

/**
 * Middleware for Express 5 (and 4) that puts the session on the request, under the name of its kind: `req.session`,
 * `req.adminSession`. It is loaded before the next handler, and stored before the first byte of the response leaves.
 * What changes later is stored at the end of the body, when that needs no cookie. Put it before the routes.
 */
export function expressSession<S>(
  sessions: SessionsForAdapters<S>,
  options?: ExpressSessionOptions,
): RequestHandler {
  const fault = tenancyFault(sessions, options);
  if (fault !== undefined) throw fault;
  return (request, response, next) =>
    runExchange(
      { sessions, options, request, response, incoming: request, outgoing: response },
      {
        handle: (session) => {
          if (session !== undefined) putOn(request, sessions.name, session);
          next();
        },
      },
    );
}

/** Not writable: an assignment, as other session libraries have it, would otherwise be lost in silence. */
function putOn(request: Request, name: string, session: unknown): void {
  Object.defineProperty(request, name, { value: session, enumerable: true, configurable: true });
}
