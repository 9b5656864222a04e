import type { Context, MiddlewareHandler } from "hono";
import { SessionError } from "../platform/errors.js";
import { checkAdapter } from "./adapter-check.js";
import { type AdapterOptions, answerTo, type SessionsForAdapters } from "./exchange.js";
import { runFetchExchange } from "./fetch-exchange.js";
import { writeSlot } from "./request-slot.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `honoSession`: each is given Hono's context. What `onError` returns, when it is a `Response`, is the answer. */
export type HonoSessionOptions = AdapterOptions<Context, Response>;

/**
 * Middleware for Hono 4 that puts the session in the context, under the name of its kind: `c.var.session`,
 * `c.var.adminSession`. It is loaded before the next handler, and stored before the response is given to the server.
 * What changes while a body is streamed is stored at its end, when that needs no cookie. Put it before the routes.
 * `sessions.of` knows it by `c` and by `c.req.raw`.
 */
export function honoSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  options?: HonoSessionOptions,
): MiddlewareHandler {
  const csrf = checkAdapter({ name: "honoSession", sessions, options, more: {} });
  return async (c, next) => {
    const { raw } = c.req;
    // Hono keeps what a middleware before has read; of what nobody has, it would take the body away from `raw`.
    const readForm = (): Promise<FormData> => (raw.bodyUsed ? c.req.formData() : raw.clone().formData());
    const exchange = { sessions, options, csrf, request: c, incoming: raw, readForm };
    const response = await runFetchExchange(exchange, async (session) => {
      if (session !== undefined) {
        c.set(sessions.name, session);
        writeSlot(raw, sessions.slot, session);
      }
      await next();
      return withStatusOf(c.error, c.res);
    });
    if (response === c.res) return;
    // Or Hono would put the headers of the one before over those of this one.
    c.res = undefined;
    c.res = response;
  };
}

/** Hono answers with 500 whatever a handler throws; a session's failure is told from others, as in every framework. */
function withStatusOf(error: unknown, response: Response): Response {
  if (!(error instanceof SessionError) || response.status !== 500) return response;
  const { status, headers } = answerTo(error);
  if (status === 500) return response;
  const mended = new Response(response.body, { status, headers: response.headers });
  for (const [name, value] of headers) mended.headers.set(name, value);
  return mended;
}
