import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieHeaderOf } from "./cookie-header.js";
import { type AdapterOptions, openSession, reportFailure, type SessionsForAdapters } from "./exchange.js";
import { HeldResponse } from "./held-response.js";
import { settle } from "./settle.js";

/** One request of node:http, or of a framework built on it, and the response that waits for its session. */
export interface NodeExchange<S, Request extends IncomingMessage, Response extends ServerResponse> {
  readonly sessions: SessionsForAdapters<S>;
  readonly options: AdapterOptions<Request, Response> | undefined;
  readonly request: Request;
  readonly response: Response;
}

/**
 * Loads the session, hands it to `handle`, and from then on holds the response until the session is stored.
 * `handle` gets `undefined` for a skipped request, and is not called when loading fails: then the failure is
 * answered. What it throws, or rejects with, is answered too.
 */
export function runExchange<S, Request extends IncomingMessage, Response extends ServerResponse>(
  exchange: NodeExchange<S, Request, Response>,
  handle: (session: S | undefined) => unknown,
): void {
  const { sessions, options, request } = exchange;
  settle<S | undefined>(
    () =>
      options?.skip?.(request) === true
        ? undefined
        : openSession(sessions, options, request, cookieHeaderOf(request)),
    (session) => {
      const held = holdFor(exchange, session);
      settle(
        () => handle(session),
        () => undefined,
        (error) => held.fail(error),
      );
    },
    (error) => holdFor(exchange, undefined).fail(error),
  );
}

function holdFor<S, Request extends IncomingMessage, Response extends ServerResponse>(
  { sessions, options, request, response }: NodeExchange<S, Request, Response>,
  session: S | undefined,
): HeldResponse {
  const readOnly = session !== undefined && options?.readOnly?.(request) === true;
  return new HeldResponse(response, {
    commit: (state) => (session === undefined ? [] : sessions.commitNow(session, { ...state, readOnly })),
    report: (error) => reportFailure(error, options, request, response),
  });
}
