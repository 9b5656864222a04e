/** What went wrong, as a stable word to branch on. */
export type SessionErrorCode =
  | "unavailable"
  | "timeout"
  | "conflict"
  | "gone"
  | "invalid"
  | "too-large"
  | "limit"
  | "forbidden"
  | "unsupported"
  | "config";

/** Plain facts about the failure: names of fields, limits in bytes or milliseconds. Never a key or a payload. */
export type SessionErrorDetails = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * The one error of the runtime. `message` says what happened, to what, and what to do next;
 * neither it nor `details` holds a key, token, secret or payload.
 *
 * - `unavailable`: the backend failed; `cause` is its error. `timeout`: it did not answer within the deadline.
 * - `conflict`: two requests changed the same thing and no rule could merge them.
 * - `gone`: the session was deleted elsewhere; it is never written back.
 * - `invalid`: a value that the shape does not allow, or misuse of a method.
 * - `too-large`: more bytes than the place can hold. `limit`: the tenant has no room.
 * - `forbidden`: the option `csrf` refused the request.
 * - `unsupported`: this backend or moment cannot do it. `config`: wrong or missing configuration.
 */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code: SessionErrorCode;
  readonly details: SessionErrorDetails;

  constructor(
    code: SessionErrorCode,
    message: string,
    options: { cause?: unknown; details?: SessionErrorDetails } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = Object.freeze({ ...options.details });
  }

  /** The HTTP status of a request that failed by it. Express and Koa answer with it when a handler lets it pass. */
  get status(): 403 | 409 | 500 | 503 {
    if (this.code === "unavailable" || this.code === "timeout") return 503;
    if (this.code === "forbidden") return 403;
    return this.code === "gone" || this.code === "conflict" ? 409 : 500;
  }

  /** Koa assigns what it has read; any other value is refused in silence. */
  private set status(_same: 403 | 409 | 500 | 503) {}

  /** The name that Fastify and Nest have for `status`. */
  get statusCode(): 403 | 409 | 500 | 503 {
    return this.status;
  }

  /** Headers of that answer: when to try again. */
  get headers(): Readonly<Record<string, string>> {
    return this.status === 503 ? { "Retry-After": "2" } : {};
  }
}
