import { authenticate, openText, sealText, sha256, toBase64url } from "../../platform/built-ins.js";
import type { ForeignSession } from "../../token/foreign-session.js";
import { callForeign } from "../express-store/foreign-call.js";
import type { SignedId } from "./signed-cookie.js";

/** What is used of a store of express-session: connect-redis and its like. */
export interface AdoptableStore {
  get(sid: string, callback: (error?: unknown, session?: unknown) => void): unknown;
  destroy(sid: string, callback: (error?: unknown) => void): unknown;
  touch?(sid: string, session: never, callback: (error?: unknown) => void): unknown;
}

/** A session as its store gives it. */
export type OldSession = Readonly<Record<string, unknown>>;

/** Where it is, and what is taken of it. */
export interface ExpressForeignParts {
  readonly store: AdoptableStore;
  readonly secrets: readonly string[];
  readonly map: (session: OldSession, tenantId: string | null) => object | null | undefined;
  readonly isKept: boolean;
  readonly milliseconds: number;
}

function toSecret(secret: string, sid: string): string {
  return toBase64url(authenticate(Buffer.from(secret), Buffer.from(`session-gen adopts\0${sid}`)));
}

/** Names a session of express-session among ours, whatever secret its cookie was signed with. */
const nameOf = (sid: string): string => sha256(`express-session to adopt\0${sid}`);

/** The id that was sealed under one of the secrets, with that secret; `null` when it was under none of them. */
export function openReference(reference: string, secrets: readonly string[]): SignedId | null {
  for (const secret of secrets) {
    const sid = openText(reference, secret);
    if (sid !== null) return { sid, secret };
  }
  return null;
}

/** A session of express-session that a request brought, or that one of ours was made of. */
export function toForeignSession({ sid, secret }: SignedId, parts: ExpressForeignParts): ForeignSession {
  const { store, secrets, map, isKept, milliseconds } = parts;
  let reading: Promise<Found | null> | undefined;
  const load = (): Promise<Found | null> => {
    reading ??= callForeign<unknown>((done) => store.get(sid, done), { milliseconds }).then(toLive);
    return reading;
  };
  const end = async (): Promise<void> => {
    await callForeign((done) => store.destroy(sid, done), { milliseconds });
  };
  return {
    name: nameOf(sid),
    secrets: [
      toSecret(secret, sid),
      ...secrets.filter((one) => one !== secret).map((one) => toSecret(one, sid)),
    ],
    reference: sealText(sid, secret),
    isKept,
    isLive: async () => (await load()) !== null,
    async read(tenantId) {
      const found = await load();
      const values = found && map(copyOf(found.session), tenantId);
      return found === null || values == null ? null : { values: { ...values }, idle: found.life.maxAge };
    },
    giveWay: async () => (isKept ? undefined : end()),
    async touch() {
      const found = await load();
      if (found === null || store.touch === undefined) return;
      const { touch } = store;
      await callForeign((done) => touch.call(store, sid, withLaterEnd(found) as never, done), {
        milliseconds,
      });
    },
    end,
  };
}

/** What its store gave, and for how long that lives: read before `map` has it, which may change whatever it is given. */
interface Found {
  readonly session: OldSession;
  readonly life: Life;
}

/** Not one whose cookie has ended: some stores leave that to express-session. */
function toLive(session: unknown): Found | null {
  if (!isObject(session)) return null;
  const life = lifeOf(session);
  return life.expires !== null && life.expires <= Date.now() ? null : { session, life };
}

/** For `map`, which may take it apart: the store may still hold what it gave. What is of a class, such as an id of MongoDB, stays as it is. */
function copyOf(session: OldSession): OldSession {
  return Object.fromEntries(Object.entries(session).map(([name, value]) => [name, copyValue(value)]));
}

function copyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyValue);
  return isObject(value) && isPlain(value) ? copyOf(value) : value;
}

function withLaterEnd({ session, life: { maxAge } }: Found): OldSession {
  const cookie = isObject(session["cookie"]) ? session["cookie"] : {};
  return maxAge === null
    ? session
    : { ...session, cookie: { ...cookie, expires: new Date(Date.now() + maxAge) } };
}

/** The life that its cookie was given, in milliseconds, and when it ends, in epoch milliseconds; `null` for what is the default. */
interface Life {
  readonly maxAge: number | null;
  readonly expires: number | null;
}

function lifeOf({ cookie }: OldSession): Life {
  if (!isObject(cookie)) return { maxAge: null, expires: null };
  const { originalMaxAge, expires } = cookie;
  const end =
    typeof expires === "string" || expires instanceof Date ? new Date(expires).getTime() : Number.NaN;
  const isTimed = typeof originalMaxAge === "number" && originalMaxAge > 0;
  return { maxAge: isTimed ? originalMaxAge : null, expires: Number.isFinite(end) ? end : null };
}

function isObject(value: unknown): value is OldSession {
  return typeof value === "object" && value !== null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
