import type { BackendMethod } from "../backends/layer.js";
import type { SessionErrorCode } from "../platform/errors.js";

/**
 * Why a session is there no more.
 *
 * - `"explicit"`: `sessions.delete(key)`.
 * - `"flushed"`: the session ended itself, by `destroy()` or `flush()`: a logout.
 * - `"revoked"`: `revoke` or `revokeAll`.
 * - `"expired"`: cleaned up after its end.
 * - `"evicted"`: it made room for another one.
 */
export type DeletionReason = "explicit" | "flushed" | "revoked" | "expired" | "evicted";

/** What happened to a session. Handles are public hashes; there is never a key, a token or a field of it. */
export type SessionHappening =
  /** A session was stored for the first time. */
  | { readonly type: "created"; readonly handle: string }
  /** A token was looked up; `isHit`: it opened a session. */
  | {
      readonly type: "accessed";
      readonly isHit: boolean;
      readonly seconds: number;
      readonly handle: string | null;
    }
  /** A session's data was stored; `bytes` of its record, or of the token that carries it. */
  | { readonly type: "saved"; readonly handle: string; readonly bytes: number }
  /** Sessions are gone; the handle is that of a single one, where it is known. */
  | {
      readonly type: "deleted";
      readonly reason: DeletionReason;
      readonly count: number;
      readonly handle: string | null;
    }
  /** A token was looked up whose session had ended by its expiry. */
  | { readonly type: "expired"; readonly handle: string }
  /** Another request wrote first: the write is made again upon that one, or was refused with `SessionError` `"conflict"`. */
  | {
      readonly type: "conflict";
      readonly outcome: "retried" | "refused";
      readonly handle: string | null;
    }
  /**
   * Something invalid was met: a record that cannot be read or does not validate, one with a field of another version
   * that is not allowed here, or a token that nobody here has sealed.
   */
  | {
      readonly type: "invalid";
      readonly what: "record" | "field" | "token";
      readonly handle: string | null;
    }
  /** A call of the backend failed, or did not answer in time. */
  | {
      readonly type: "backend-error";
      readonly operation: BackendMethod;
      readonly code: SessionErrorCode;
    };

/** What happened, and to which kind of session. */
export type SessionEvent = SessionHappening & { readonly kind: string };

/**
 * Is told what happens to sessions: an object with `note`, or just that function. It is called in the request, which goes on
 * whatever it throws and does not wait for what it answers; events are shared and frozen.
 */
export type SessionSink =
  | {
      note(event: SessionEvent): unknown;
      /** Gets ready now what else is done at the first event; rejects when that fails. Called by `sessions.ready()`. */
      ready?(): Promise<void>;
    }
  | ((event: SessionEvent) => unknown);
