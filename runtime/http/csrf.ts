import type { IncomingMessage, ServerResponse } from "node:http";
import { SessionError } from "../platform/errors.js";
import { assertOptions, flag, listOf, plainText } from "../platform/options.js";
import { type CsrfOptions, csrfRefusal, resolveCsrf } from "../transport/csrf/csrf-rule.js";
import { passesCsrf } from "./csrf/node-check.js";
import { type SessionsForAdapters, withoutSessions } from "./exchange.js";
import { isSkipped, readSlot } from "./request-slot.js";

export type { CsrfOptions } from "../transport/csrf/csrf-rule.js";
export { csrfToken } from "../transport/csrf/token.js";

/** Options of `csrfProtection`. */
export interface CsrfProtectionOptions extends CsrfOptions {
  /** Whether `X-Forwarded-Host` and `X-Forwarded-Proto` are believed. */
  readonly trustProxy?: boolean;
}

/** Middleware as Connect and Express have it. */
export type ConnectMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * The check of the adapter option `csrf` as middleware of its own, for a place after `expressSession` and whatever parses
 * forms, so that a token in a form field is found. Of a request that may change something and does not come from the app's own
 * pages `next` is told by a `SessionError` `"forbidden"`, which Express answers with 403. One that the adapter's option `skip` left
 * without a session passes. Throws `SessionError` `"config"` for impossible options.
 */
export function csrfProtection(
  sessions: Pick<SessionsForAdapters<unknown>, "name" | "slot">,
  options: CsrfProtectionOptions = {},
): ConnectMiddleware {
  if (typeof sessions?.slot !== "symbol") throw withoutSessions();
  assertOptions("csrfProtection", options, { trustedOrigins: listOf(plainText), trustProxy: flag });
  const { trustProxy = false, ...csrf } = options;
  const rule = resolveCsrf({ csrf, trustProxy });
  return (request, _response, next) => {
    const session = readSlot<object>(request, sessions.slot);
    if (session === undefined) next(isSkipped(request, sessions.slot) ? undefined : notThere(sessions.name));
    else if (rule === null || passesCsrf([request], session, rule)) next();
    else next(csrfRefusal());
  };
}

function notThere(name: string): SessionError {
  return new SessionError("config", `csrfProtection found no ${name}. Put it after expressSession.`);
}
