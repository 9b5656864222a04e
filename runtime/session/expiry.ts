import { type Duration, toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { assertOptions, duration } from "../platform/options.js";
import type { Meta } from "../record/contents.js";

/** How long sessions of a kind live, in milliseconds. */
export interface ExpiryPolicy {
  /** Without activity. */
  readonly idle: number;
  /** From creation, whatever happens. */
  readonly absolute: number;
  /** How much of the life must be gone before reading moves the expiry. */
  readonly touchAfter: number;
}

/** The `expiry` option of a schema. */
export interface ExpiryOptions {
  readonly idle?: Duration;
  readonly absolute?: Duration;
  readonly touchAfter?: Duration;
}

/** The expiry chosen for one session, as its record's meta keeps it. */
export type ChosenExpiry = Meta["expiry"];

/** What `setExpiry` takes: seconds slide, a Date is the end, `"browser"` a session cookie, `null` the kind's default. */
export type ExpiryChoice = number | Date | "browser" | null;

/** Fills in the defaults: an hour idle, fourteen days in all, touched after a twelfth of the idle time. */
export function resolveExpiry(options: ExpiryOptions = {}): ExpiryPolicy {
  assertOptions("expiry", options, { idle: duration, absolute: duration, touchAfter: duration });
  const absolute = toMilliseconds(options.absolute ?? "14d", "expiry.absolute");
  const idle = toMilliseconds(options.idle ?? "1h", "expiry.idle");
  const touchAfter =
    options.touchAfter === undefined ? idle / 12 : toMilliseconds(options.touchAfter, "expiry.touchAfter");
  if (touchAfter <= idle) return { idle, absolute, touchAfter };
  throw new SessionError("config", "expiry.touchAfter must not be longer than expiry.idle.");
}

/** When a session that is active now ends, in epoch milliseconds. The absolute limit bounds every choice. */
export function expiresAt(
  policy: ExpiryPolicy,
  chosen: ChosenExpiry,
  createdAt: number,
  now: number,
): number {
  const limit = createdAt + policy.absolute;
  if (chosen === undefined || chosen === "browser") return Math.min(now + policy.idle, limit);
  return Math.min("at" in chosen ? chosen.at : now + chosen.idle, limit);
}

/** Whether enough of the life is gone that mere reading should move the expiry. */
export function isTouchDue(
  policy: ExpiryPolicy,
  chosen: ChosenExpiry,
  session: { readonly createdAt: number; readonly expiresAt: number },
  now: number,
): boolean {
  const gained = expiresAt(policy, chosen, session.createdAt, now) - session.expiresAt;
  if (chosen === undefined || chosen === "browser") return gained >= policy.touchAfter;
  // A life chosen shorter than the kind's is touched by the same share of it.
  return "idle" in chosen && gained >= Math.min(policy.touchAfter, chosen.idle / 12);
}

const latest = 8.64e15;

/** Checks and converts a choice. Throws `SessionError` `"invalid"` for what is no positive time. */
export function toChosenExpiry(choice: ExpiryChoice, now: number): ChosenExpiry {
  if (choice === null) return undefined;
  if (choice === "browser") return "browser";
  if (choice instanceof Date) {
    if (choice.getTime() > now) return { at: choice.getTime() };
    throw new SessionError("invalid", "setExpiry needs a date in the future; destroy() ends a session.");
  }
  if (typeof choice === "number" && choice > 0 && now + choice * 1000 <= latest)
    return { idle: Math.max(1, Math.round(choice * 1000)) };
  throw new SessionError(
    "invalid",
    'setExpiry takes a positive number of seconds, a Date, "browser" or null.',
  );
}
