import { SessionError } from "../platform/errors.js";
import { type CsrfRule, csrfRefusal } from "../transport/csrf/csrf-rule.js";
import { type CsrfRequest, passesFetchCsrf } from "./csrf/fetch-check.js";
import {
  type AdapterOptions,
  answerTo,
  type HeaderList,
  isFor,
  openSession,
  PLAIN_TEXT,
  type ResponseState,
  reportFailure,
  type SessionsForAdapters,
  warn,
} from "./exchange.js";
import { withHeaders } from "./fetch-headers.js";
import { HeldBody } from "./held-body.js";
import { isNextSignal, toNextResponse } from "./next/next-signal.js";

/** One request of a framework that answers with a `Response`. `request` is what its options are given. */
export interface FetchExchange<S extends object, Request extends object> extends CsrfRequest {
  readonly sessions: SessionsForAdapters<S>;
  readonly options: AdapterOptions<Request, Response> | undefined;
  /** The rule of the option `csrf`. */
  readonly csrf: CsrfRule | null;
  readonly request: Request;
}

/**
 * Loads the session, hands it to `respond`, and gives its response once the session is stored. `respond` gets
 * `undefined` for a skipped request, and is not called when loading fails, or the request is refused: then that is answered. What it
 * throws, or rejects with, is answered too. Never rejects.
 */
export async function runFetchExchange<S extends object, Request extends object>(
  exchange: FetchExchange<S, Request>,
  respond: (session: S | undefined) => Response | Promise<Response>,
): Promise<Response> {
  const { sessions, options, csrf, request, incoming } = exchange;
  let session: S | undefined;
  try {
    if (!isFor(request, "skip", options))
      session = await openSession(sessions, options, request, incoming.headers.get("cookie") ?? undefined);
    if (csrf !== null && session !== undefined && !(await passesFetchCsrf(exchange, session, csrf)))
      return refuse(exchange, undefined, csrfRefusal());
    const response = await responseOf(respond, session);
    if (!isSendable(response)) throw new TypeError("The handler gave no Response that can be sent.");
    return session === undefined ? response : await commit(exchange, session, response);
  } catch (error) {
    return refuse(exchange, session, error);
  }
}

async function responseOf<S>(
  respond: (session: S | undefined) => Response | Promise<Response>,
  session: S | undefined,
): Promise<Response> {
  try {
    return await respond(session);
  } catch (thrown) {
    const response = toNextResponse(thrown);
    if (response === null) throw thrown;
    return response;
  }
}

/** Stores the session, and gives the response with its headers. What the response was given is left as it is: an app may share it. */
async function commit<S extends object, Request extends object>(
  exchange: FetchExchange<S, Request>,
  session: S,
  response: Response,
): Promise<Response> {
  const { sessions, options, request } = exchange;
  const { status } = response;
  const held = response.body === null ? null : new HeldBody(response.body);
  try {
    const readOnly = isFor(request, "readOnly", options);
    // Before the commit: to make it, the app may still change the session.
    const whole = held === null ? null : await held.readWhole();
    const headers = await sessions.commitNow(session, { status, headersSent: false, readOnly });
    if (held === null || whole !== null) return withHeaders(response, headers, whole);
    const finish = async (): Promise<void> => {
      try {
        await sessions.commitNow(session, { status, headersSent: true, readOnly });
      } catch (error) {
        await report(exchange, error, response);
        throw error;
      }
    };
    return withHeaders(response, headers, held.toStream(finish));
  } catch (error) {
    held?.discard();
    return refuse(exchange, session, error, { status: 500, failed: true });
  }
}

/** The answer to a failure, with the cookie of what was done all the same: a logout, a new key. */
async function refuse<S extends object, Request extends object>(
  exchange: FetchExchange<S, Request>,
  session: S | undefined,
  error: unknown,
  state: ResponseState = { status: 500, failed: error instanceof SessionError },
): Promise<Response> {
  const { status, headers, body } = answerTo(error);
  const typed = new Headers([["Content-Type", PLAIN_TEXT], ...headers.map(([...pair]) => pair)]);
  const standard = new Response(body, { status, headers: typed });
  const answer = await report(exchange, error, standard);
  const given = session === undefined ? [] : await headersOf(exchange, session, state);
  return withHeaders(answer, given, answer.body);
}

async function headersOf<S extends object, Request extends object>(
  exchange: FetchExchange<S, Request>,
  session: S,
  state: ResponseState,
): Promise<HeaderList> {
  try {
    return await exchange.sessions.commitNow(session, state);
  } catch {
    return state.failed === true ? [] : headersOf(exchange, session, { ...state, failed: true });
  }
}

/** Tells of a failure; the response that `onError` gives instead, if it gives one. */
async function report<S extends object, Request extends object>(
  { options, request }: FetchExchange<S, Request>,
  error: unknown,
  standard: Response,
): Promise<Response> {
  if (isNextSignal(error)) return standard;
  try {
    const given = await reportFailure(error, options, request, standard);
    if (isResponse(given)) {
      if (!given.bodyUsed && given.body?.locked !== true) return given;
      warn(spentResponse());
    }
  } catch (other) {
    warn(other);
  }
  return standard;
}

function spentResponse(): SessionError {
  return new SessionError(
    "config",
    "The option onError gave a Response whose body has been sent before. Make a new one for each failure.",
  );
}

/** An error of `fetch`, and what it may not look into, have the status 0: a client would get a 500 in their place. */
function isSendable(value: unknown): value is Response {
  return isResponse(value) && value.status !== 0;
}

/** By its form: a server may have a class of its own. */
function isResponse(value: unknown): value is Response {
  return typeof value === "object" && value !== null && "status" in value && "headers" in value;
}
