import { SessionError } from "../../platform/errors.js";
import { copyData } from "../../record/copy-data.js";
import type { Field } from "../../record/fields.js";
import { wireEquals } from "../../record/wire-equals.js";
import { type ChosenExpiry, toChosenExpiry } from "../../session/expiry.js";
import type { SessionState } from "../../session/session-state.js";
import type { WireValue } from "../../types/shape.js";
import { fromBagValue, toBagValue } from "./bag-value.js";

/** A session as express-session and @fastify/session hold it: a cookie, and whatever the app put beside it. */
export interface Bag {
  readonly cookie: BagCookie;
  readonly [name: string]: unknown;
}

/** What is read of a cookie; the rest of it is kept as it is. */
export interface BagCookie {
  /** Milliseconds; `null` for a cookie that ends with the browser, or, where @fastify/session was told a date, at `expires`. */
  readonly originalMaxAge?: number | null;
  readonly expires?: Date | string | null;
  /** What of it is to be stored. */
  toJSON?(): object;
}

/** What a bag was when the app got it: the fields in wire form, the other members as JSON. */
export interface BagBase {
  readonly fields: Readonly<Record<string, WireValue | undefined>>;
  readonly members: Readonly<Record<string, string>>;
}

interface Opaque {
  readonly cookie: Readonly<Record<string, unknown>>;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The one field that holds the cookie and all members that the shape does not know. No schema can have a field of this name. */
const opaqueField: Field = {
  name: "$express-session",
  stored: "$express-session",
  kind: "string",
  converter: { isScalar: true, toWire: (value) => value as WireValue, fromWire: (wire) => wire },
  isUntouched: Object.is,
  default: undefined,
  merge: "replace",
  isRedacted: true,
};

/** The bag of a stored session: its fields, defaults filled in, and the members that are no fields. */
export function toBag(state: SessionState): Bag {
  const { cookie, members } = readOpaque(state);
  const { expiresAt, meta } = state.stored ?? {};
  const hasEnd = typeof meta?.expiry === "object" && "at" in meta.expiry;
  const isTimed = hasEnd || typeof cookie["originalMaxAge"] === "number";
  const expires = isTimed && expiresAt !== undefined ? new Date(expiresAt).toISOString() : null;
  const fields = Object.entries(copyData(state)).map(([name, value]) => [name, toBagValue(value)] as const);
  return { ...members, ...Object.fromEntries(fields), cookie: { originalMaxAge: null, ...cookie, expires } };
}

/**
 * Changes a session to what the app made of its bag. With a base only what differs from it is a change, so that
 * what other requests wrote meanwhile stays; without, the bag is all there is.
 */
export function applyBag(state: SessionState, bag: Bag, base: BagBase | undefined): void {
  const shown = base ?? baseOf(state, toBag(state));
  for (const field of state.context.fields.all) {
    const value = bag[field.name];
    const before = shown.fields[field.name];
    if (wireEquals(toWire(field, value), before)) continue;
    const is = fromBagValue(value, field, state.context);
    // As it is shown, with defaults: what is stored without them is not what another request has made of it.
    const now = toWire(field, toBagValue(state.values.read(field)));
    if (wireEquals(now, before)) state.values.write(field, is);
    else writeMerged(state, field, before, is);
  }
  const members = mergeMembers(readOpaque(state).members, membersOf(state, bag), base?.members);
  state.values.write(opaqueField, JSON.stringify({ cookie: cookieOf(bag), members }));
  state.chosenExpiry = chosenExpiryOf(bag, state.context.clock());
}

/** Assigns what is to be merged with what others made of the field meanwhile, as the schema says. */
function writeMerged(state: SessionState, field: Field, before: WireValue | undefined, value: unknown): void {
  const base = fromBagValue(before, field, state.context);
  state.values.writeOver(field, base as WireValue | undefined, value);
}

/** Whether the app has let its cookie end, which is how some log out: no store of another library keeps such a session. */
export function isOver({ cookie }: Bag, now: number): boolean {
  const { originalMaxAge } = cookie;
  if (typeof originalMaxAge === "number") return originalMaxAge <= 0;
  const end = endOf(cookie);
  return end !== null && end <= now;
}

/** Whether the app left the cookie as it is stored. */
export function hasSameCookie(state: SessionState, bag: Bag): boolean {
  return JSON.stringify(cookieOf(bag)) === JSON.stringify(readOpaque(state).cookie);
}

/** What the bag is now, to find out later what was changed. */
export function baseOf(state: SessionState, bag: Bag): BagBase {
  const wire = state.context.fields.all.map((field) => [field.name, toWire(field, bag[field.name])] as const);
  return { fields: Object.fromEntries(wire), members: membersOf(state, bag) };
}

/** The members that are no fields, each as JSON. What JSON cannot hold is left out, as every store does. */
function membersOf(state: SessionState, bag: Bag): Readonly<Record<string, string>> {
  const members: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(bag)) {
    if (name === "cookie" || state.context.fields.find(name) !== undefined) continue;
    const text = toText(name, value);
    if (text !== undefined) members[name] = text;
  }
  return members;
}

function toText(name: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new SessionError("invalid", `${JSON.stringify(name)} of a session cannot be written as JSON.`, {
      cause,
    });
  }
}

/** The members as they are now; those that did not change since the base are as they are stored. In one order, so that equal ones are equal text. */
function mergeMembers(
  stored: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, string>>,
  base: Readonly<Record<string, string>> | undefined,
): Record<string, unknown> {
  const merged = new Map(base === undefined ? [] : Object.entries(stored));
  for (const name of Object.keys(base ?? {})) if (now[name] === undefined) merged.delete(name);
  for (const [name, text] of Object.entries(now)) {
    if (text !== base?.[name]) merged.set(name, JSON.parse(text));
  }
  return Object.fromEntries([...merged].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function toWire(field: Field, value: unknown): WireValue | undefined {
  return value === undefined ? undefined : field.converter.toWire(value, field.name);
}

/** The life that the cookie asks for: an idle time, or the end that it has. */
function chosenExpiryOf({ cookie }: Bag, now: number): ChosenExpiry {
  const { originalMaxAge } = cookie;
  if (typeof originalMaxAge === "number")
    return originalMaxAge > 0 ? toChosenExpiry(originalMaxAge / 1000, now) : undefined;
  const end = endOf(cookie);
  return end === null ? undefined : { at: end };
}

/** In epoch milliseconds; `null` for none. */
function endOf({ expires }: BagCookie): number | null {
  const end =
    typeof expires === "string" || expires instanceof Date ? new Date(expires).getTime() : Number.NaN;
  return Number.isNaN(end) ? null : end;
}

/** As it is stored: without its expiry, which is the session's own. */
function cookieOf({ cookie }: Bag): object {
  const { expires: _expires, ...rest }: { expires?: unknown } =
    cookie.toJSON === undefined ? { ...cookie } : { ...cookie.toJSON() };
  return rest;
}

function readOpaque(state: SessionState): Opaque {
  const text = state.values.read(opaqueField);
  const empty = { cookie: {}, members: {} };
  return typeof text === "string" ? { ...empty, ...(JSON.parse(text) as Opaque) } : empty;
}
