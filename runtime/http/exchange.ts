import { afterListening } from "../platform/built-ins.js";
import { SessionError } from "../platform/errors.js";
import type { CsrfSettings } from "../transport/csrf/csrf-rule.js";
import type { AdoptingRequest, SessionAdoption } from "./adopt/find-adopted.js";

/** Headers to append to a response: `Set-Cookie`, `Vary`, `Cache-Control`. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What is known about a response when its session is committed. */
export interface ResponseState {
  readonly status?: number;
  /**
   * The first byte has left, so that no header can be sent any more. `false`: it leaves with these headers, and whatever
   * needs a cookie after that is refused before it is done. Left out, more headers may follow.
   */
  readonly headersSent?: boolean | undefined;
  /** Nothing that follows from the handler may be written or set. */
  readonly readOnly?: boolean;
  /** The session has failed already: nothing more is tried; only the headers of what was done are wanted, at once. */
  readonly failed?: boolean;
}

/** The part of `Sessions` that adapters use. */
export interface SessionsForAdapters<S> {
  /** The kind of session, which is also the name of the request's property: `"session"`, `"adminSession"`. */
  readonly name: string;
  /** Where `openNow` keeps the session on the request. */
  readonly slot: symbol;
  /**
   * The session of a Cookie header; at once when no backend has to be asked. Remembers it for `of(request)`.
   * Rejects with `SessionError` when the backend fails.
   */
  openNow(cookieHeader: string | undefined, request?: object): S | Promise<S>;
  /** The same for a request that may bring a session of another library, where the adapter has the option `adopt`. */
  openAdopting?(request: AdoptingRequest): Promise<S>;
  /** The sessions of one tenant, where the kind keeps tenants apart: to open one. */
  forTenant?(tenantId: string): Pick<SessionsForAdapters<S>, "openNow" | "openAdopting">;
  /** Nothing can be opened but of a tenant: an adapter has to be told which. */
  readonly isTenantNeeded?: boolean;
  /** Decides and does what follows from the handler; at once when nothing has to be stored. Fails with `SessionError`. */
  commitNow(session: S, response: ResponseState): HeaderList | Promise<HeaderList>;
}

/** What every adapter understands. */
export interface AdapterOptions<Request, Response> extends CsrfSettings {
  /**
   * The tenant of a request, under whatever id the app has for it: where the schema declares `tenancy`. When it throws,
   * or gives no text, there is no session, and the failure is answered.
   */
  readonly tenant?: (request: Request) => string;
  /** Where sessions of another library are that become ours, one by one, when their browsers come; see `fromExpressSession`. */
  readonly adopt?: SessionAdoption;
  /** Requests that get no session at all: nothing is loaded, and there is no session to use. */
  readonly skip?: (request: Request) => boolean;
  /** Requests whose session is only read: what the handler changes in it is not saved, nor is a visit noted. */
  readonly readOnly?: (request: Request) => boolean;
  /**
   * Hears of every failure of a session, and of what the option `csrf` refuses, and may answer; the status is set. What takes
   * longer than a turn of the event loop has to be a promise. When it has not answered by then, the answer is 503 (`"unavailable"`, `"timeout"`), 409 (`"gone"`,
   * `"conflict"`), 403 (`"forbidden"`) or 500.
   */
  readonly onError?: (error: unknown, request: Request, response: Response) => unknown;
}

/**
 * The `SessionError` `"config"` of an adapter that is given no sessions, as code without types may do, or a wrong option `tenant`: for
 * sessions that know no tenants, or left out where each belongs to one. For when an adapter is made.
 */
export function adapterFault(
  sessions: SessionsForAdapters<unknown>,
  options: Pick<AdapterOptions<never, never>, "tenant"> | undefined,
): SessionError | undefined {
  if (typeof sessions?.openNow !== "function") return withoutSessions();
  const { name, forTenant, isTenantNeeded = false } = sessions;
  if (options?.tenant === undefined) return isTenantNeeded ? withoutTenant(name) : undefined;
  if (forTenant !== undefined) return undefined;
  return new SessionError(
    "config",
    `The option tenant needs tenancy in the schema of the ${name}: declare it there and generate again.`,
  );
}

/** What is said of something else in the place of the sessions. */
export function withoutSessions(): SessionError {
  return new SessionError(
    "config",
    "An adapter was given something else in the place of its sessions: give it what createSessions() gives.",
  );
}

function withoutTenant(name: string): SessionError {
  return new SessionError(
    "config",
    `Each ${name} belongs to a tenant, and the adapter is not told to whose: give it the option tenant, as in { tenant: (request) => tenantOf(request) }, or sessions.forTenant(id) in the place of sessions. With tenancy: { strict: false } in the schema, requests without one are served too.`,
  );
}

/**
 * Whether the option is meant for a request; `undefined` is no. Throws `SessionError` `"config"` for what code without types may answer:
 * the promise of an async function would be neither yes nor no.
 */
export function isFor<Request>(
  request: Request,
  option: "skip" | "readOnly",
  options: Pick<AdapterOptions<Request, never>, "skip" | "readOnly"> | undefined,
): boolean {
  const answer: unknown = options?.[option]?.(request);
  if (typeof answer === "boolean" || answer === undefined) return answer === true;
  // It is told of here; a rejection that nobody hears would end the process.
  if (answer instanceof Promise) answer.catch(() => undefined);
  throw new SessionError(
    "config",
    `The option ${option} must answer true or false at once, not ${kindOf(answer)}.`,
  );
}

function kindOf(answer: unknown): string {
  if (answer instanceof Promise) return "a promise";
  if (answer === null) return "null";
  return typeof answer === "object" ? "an object" : `a ${typeof answer}`;
}

/** The session of a request: of its tenant's where the adapter knows that. */
export function openSession<S, Request extends object>(
  sessions: SessionsForAdapters<S>,
  options: Pick<AdapterOptions<Request, never>, "tenant" | "adopt"> | undefined,
  request: Request,
  cookieHeader: string | undefined,
): S | Promise<S> {
  if (options === undefined) return sessions.openNow(cookieHeader, request);
  const { tenant, adopt } = options;
  if (tenant !== undefined && sessions.forTenant === undefined) throw adapterFault(sessions, options);
  const own = (tenant && sessions.forTenant?.(tenant(request))) ?? sessions;
  if (adopt === undefined || own.openAdopting === undefined) return own.openNow(cookieHeader, request);
  return own.openAdopting({ cookieHeader, adoption: adopt, request });
}

/** The answer to a request whose session failed; without details. */
export interface ErrorAnswer {
  readonly status: 403 | 409 | 500 | 503;
  /** Without the type of the body. */
  readonly headers: HeaderList;
  readonly body: string;
}

/** Headers that describe the answer of the handler, and are wrong on any other. */
export const ANSWER_HEADERS: readonly string[] = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-range",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "location",
  "trailer",
  "transfer-encoding",
];

/** The type of the body of such an answer; not of what `onError` sends in its place. */
export const PLAIN_TEXT = "text/plain; charset=utf-8";

const UNCACHED: HeaderList = [["Cache-Control", "no-store"]];

const UNAVAILABLE: ErrorAnswer = {
  status: 503,
  headers: [...UNCACHED, ["Retry-After", "2"]],
  body: "Service Unavailable\n",
};
const FORBIDDEN: ErrorAnswer = { status: 403, headers: UNCACHED, body: "Forbidden\n" };
const CONFLICT: ErrorAnswer = { status: 409, headers: UNCACHED, body: "Conflict\n" };
const FAULT: ErrorAnswer = { status: 500, headers: UNCACHED, body: "Internal Server Error\n" };

/** The answer to a failure: 503 with Retry-After, 403, 409 or 500. None says why: the cause is not for whoever sent the request. */
export function answerTo(error: unknown): ErrorAnswer {
  if (!(error instanceof SessionError) || error.status === 500) return FAULT;
  if (error.status === 403) return FORBIDDEN;
  return error.status === 503 ? UNAVAILABLE : CONFLICT;
}

/**
 * Tells `onError` of a failure; what it answers with, or how it fails, is for the caller. Without it, what a
 * person must repair becomes a warning of the process, since the client is not told: never a cause, which may
 * hold what a driver was given.
 */
export function reportFailure<Request, Response>(
  error: unknown,
  options: AdapterOptions<Request, Response> | undefined,
  request: Request,
  response: Response,
): unknown {
  if (options?.onError !== undefined) return options.onError(error, request, response);
  if (answerTo(error) === FAULT) warn(error);
  if (answerTo(error) === FORBIDDEN) explainOnce(error, options);
  return undefined;
}

const explained = new WeakSet<object>();

/** While an app is made, whoever forgot a token is told what was looked for; later, refusals are everyday. */
function explainOnce(error: unknown, options: object = {}): void {
  if (process.env["NODE_ENV"] === "production" || explained.has(options)) return;
  explained.add(options);
  warn(error);
}

/**
 * The same where `onError` answers by the response that it is given: done when it has, or has had its time. When it gives no
 * promise that is one turn of the event loop, since Express 5 renders in the next tick what it is told to.
 */
export function letAnswer<Request, Response>(
  error: unknown,
  options: AdapterOptions<Request, Response> | undefined,
  request: Request,
  response: Response,
): unknown {
  const given = reportFailure(error, options, request, response);
  if (options?.onError === undefined || given instanceof Promise) return given;
  return new Promise<void>((resolve) => afterListening(resolve));
}

/** A warning of the process about an error that nobody hears of otherwise. */
export function warn(error: unknown): void {
  const message =
    error instanceof SessionError
      ? `${error.message} (${error.code})`
      : `A request handler, or an option of the adapter such as tenant, failed: ${error instanceof Error ? error.name : "no Error was thrown"}. The option onError is given the error itself.`;
  process.emitWarning(message, { type: "SessionWarning" });
}
