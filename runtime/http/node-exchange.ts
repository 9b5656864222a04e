import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieHeaderOf } from "../transport/cookie-header.js";
import { type CsrfRule, csrfRefusal } from "../transport/csrf/csrf-rule.js";
import { passesCsrf, rememberMethod } from "./csrf/node-check.js";
import {
  type AdapterOptions,
  type HeaderList,
  isFor,
  letAnswer,
  openSession,
  type ResponseState,
  type SessionsForAdapters,
} from "./exchange.js";
import { HeldResponse } from "./held-response.js";
import { settle } from "./settle.js";

/** One request of node:http, or of a framework built on it, and the response that waits for its session. */
export interface NodeExchange<S, Request extends object, Response> {
  readonly sessions: SessionsForAdapters<S>;
  readonly options: AdapterOptions<Request, Response> | undefined;
  /** The rule of the option `csrf`. */
  readonly csrf: CsrfRule | null;
  /** What the options are given, and `of` finds the session by. */
  readonly request: Request;
  readonly response: Response;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** What an adapter does with a request. */
export interface Turns<S> {
  /** Gets `undefined` for a skipped request. What it throws, rejects with, or gives to `fail` later, is answered. */
  readonly handle: (session: S | undefined, fail: (error: unknown) => void) => unknown;
  /** Stores the session, where it is not just the one that was loaded. */
  readonly commit?: (state: ResponseState) => HeaderList | Promise<HeaderList>;
  /** The handler will not be called: the request is being answered. */
  readonly refused?: () => void;
}

/**
 * Loads the session, hands it to `handle`, and from then on holds the response until the session is stored. `handle` is
 * not called when loading fails, or the request is refused: then that is answered.
 */
export function runExchange<S extends object, Request extends object, Response>(
  exchange: NodeExchange<S, Request, Response>,
  { handle, commit, refused }: Turns<S>,
): void {
  const { sessions, options, csrf, request, incoming } = exchange;
  const refuse = (error: unknown): void => {
    refused?.();
    holdFor(exchange, undefined).fail(error);
  };
  settle<S | undefined>(
    () =>
      isFor(request, "skip", options)
        ? undefined
        : openSession(sessions, options, request, cookieHeaderOf(incoming)),
    (session) => {
      rememberMethod(incoming);
      let held: HeldResponse;
      try {
        if (csrf !== null && session !== undefined && !passesCsrf([incoming, request], session, csrf))
          throw csrfRefusal();
        held = holdFor(exchange, session, commit);
      } catch (error) {
        refuse(error);
        return;
      }
      const fail = (error: unknown): void => held.fail(error);
      settle(
        () => handle(session, fail),
        () => undefined,
        fail,
      );
    },
    refuse,
  );
}

function holdFor<S, Request extends object, Response>(
  { sessions, options, request, response, outgoing }: NodeExchange<S, Request, Response>,
  session: S | undefined,
  commit = (state: ResponseState): HeaderList | Promise<HeaderList> =>
    session === undefined ? [] : sessions.commitNow(session, state),
): HeldResponse {
  const readOnly = session !== undefined && isFor(request, "readOnly", options);
  return new HeldResponse(outgoing, {
    commit: (state) => commit({ readOnly, ...state }),
    report: (error) => letAnswer(error, options, request, response),
  });
}
