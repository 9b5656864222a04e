import type { Request, RequestHandler, Response } from "express";
import { flag } from "../platform/options.js";
import { checkAdapter } from "./adapter-check.js";
import { replaceable } from "./callbacks/replaceable-session.js";
import type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
import { useDictionaryMode } from "./express/dictionary-mode.js";
import { runExchange, type Turns } from "./node-exchange.js";
import { noteSkipped, shownProperty } from "./request-slot.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `expressSession`. */
export interface ExpressSessionOptions extends AdapterOptions<Request, Response> {
  /**
   * Lets `save`, `reload` and `destroy` of the session take a callback, and adds `regenerate`, for Passport and other
   * middleware that was written for express-session. The fields that it writes have to be declared in the schema.
   */
  readonly callbacks?: boolean;
}

/**
 * Middleware for Express 5 (and 4) that puts the session on the request, under the name of its kind: `req.session`,
 * `req.adminSession`. It is loaded before the next handler, and stored before the first byte of the response leaves.
 * What changes later is stored at the end of the body, when that needs no cookie. Put it before the routes.
 */
export function expressSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  options?: ExpressSessionOptions,
): RequestHandler {
  const csrf = checkAdapter({ name: "expressSession", sessions, options, more: { callbacks: flag } });
  const property = shownProperty(sessions.slot);
  return (request, response, next) => {
    useDictionaryMode(request, response);
    const exchange = { sessions, options, csrf, request, response, incoming: request, outgoing: response };
    const turns: Turns<S> = {
      handle: (session) => {
        if (session === undefined) noteSkipped(request, sessions.slot);
        else Object.defineProperty(request, sessions.name, property);
        next();
      },
    };
    runExchange(
      exchange,
      options?.callbacks === true ? replaceable({ sessions, options, request }, turns) : turns,
    );
  };
}
