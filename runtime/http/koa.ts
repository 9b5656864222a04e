import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Middleware, Request, Response } from "koa";
import { flag } from "../platform/options.js";
import { checkAdapter } from "./adapter-check.js";
import { replaceable } from "./callbacks/replaceable-session.js";
import { type AdapterOptions, answerTo, type SessionsForAdapters } from "./exchange.js";
import { runExchange, type Turns } from "./node-exchange.js";
import { shownProperty, writeSlot } from "./request-slot.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `koaSession`: given `ctx.request` and `ctx.response`. `onError` may answer by `response.body = …`. */
export interface KoaSessionOptions extends AdapterOptions<Request, Response> {
  /**
   * Lets `save`, `reload` and `destroy` of the session take a callback, and adds `regenerate`, for koa-passport and its like.
   * The fields that they write have to be declared in the schema.
   */
  readonly callbacks?: boolean;
}

/**
 * Middleware for Koa 3 (and 2) that puts the session on the context, under the name of its kind: `ctx.session`,
 * `ctx.adminSession`. It is loaded before the next middleware, and stored before the first byte of the response leaves,
 * whatever the middleware around this one does. What changes later is stored at the end of the body, when that needs no
 * cookie. `sessions.of` knows it by `ctx`, `ctx.request` and `ctx.req`.
 */
export function koaSession<S extends object>(
  sessions: SessionsForAdapters<S>,
  options?: KoaSessionOptions,
): Middleware {
  const csrf = checkAdapter({ name: "koaSession", sessions, options, more: { callbacks: flag } });
  const answering =
    options?.onError === undefined ? options : { ...options, onError: answerWith(options.onError) };
  const property = shownProperty(sessions.slot);
  return (ctx, next) =>
    new Promise((resolve) => {
      const { request, response, req, res } = ctx;
      const put = (session: S): void => {
        for (const one of [ctx, req]) writeSlot(one, sessions.slot, session);
      };
      const turns: Turns<S> = {
        handle: (session) => {
          if (session !== undefined) {
            put(session);
            Object.defineProperty(ctx, sessions.name, property);
          }
          // What it rejects with is for Koa.
          resolve(next());
        },
        refused: () => {
          ctx.respond = false;
          resolve(undefined);
        },
      };
      runExchange(
        { sessions, options: answering, csrf, request, response, incoming: req, outgoing: res },
        options?.callbacks === true ? replaceable({ sessions, options, request, put }, turns) : turns,
      );
    });
}

type OnError = NonNullable<KoaSessionOptions["onError"]>;

/** Koa is past sending what a middleware puts in `body`, so that what `onError` puts there is sent here. */
function answerWith(onError: OnError): OnError {
  return async (error, request, response) => {
    const { res } = response;
    const before = response.body;
    // Told to Koa, which else takes 200 for meant when a body is assigned.
    if (!res.headersSent) response.status = answerTo(error).status;
    await onError(error, request, response);
    const { body } = response;
    if (body === before || body == null || res.headersSent) return;
    if (body instanceof Readable) await pipeline(body, res);
    else res.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  };
}
