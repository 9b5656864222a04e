import { authenticate, openText, sealText, sha256, toBase64url } from "../../platform.js";
import type { ForeignData, ForeignSession } from "../../token/foreign-session.js";
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
  readonly map: (session: OldSession, tenantId: string | null) => object | null | undefined;
  readonly isKept: boolean;
  readonly milliseconds: number;
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
  const { store, map, isKept, milliseconds } = parts;
  let reading: Promise<OldSession | null> | undefined;
  const load = (): Promise<OldSession | null> => {
    reading ??= callForeign<unknown>((done) => store.get(sid, done), { milliseconds }).then(toLive);
    return reading;
  };
  const end = async (): Promise<void> => {
    await callForeign((done) => store.destroy(sid, done), { milliseconds });
  };
  return {
    name: nameOf(sid),
    secret: toBase64url(authenticate(Buffer.from(secret), Buffer.from(`session-gen adopts\0${sid}`))),
    reference: sealText(sid, secret),
    isKept,
    isLive: async () => (await load()) !== null,
    async read(tenantId) {
      const session = await load();
      const values = session && map(session, tenantId);
      return session === null || values == null ? null : toData(session, values);
    },
    giveWay: async () => (isKept ? undefined : end()),
    async touch() {
      const session = await load();
      if (session === null || store.touch === undefined) return;
      const { touch } = store;
      await callForeign((done) => touch.call(store, sid, withLaterEnd(session) as never, done), {
        milliseconds,
      });
    },
    end,
  };
}

/** Not one whose cookie has ended: some stores leave that to express-session. */
function toLive(session: unknown): OldSession | null {
  if (!isObject(session)) return null;
  const { expires } = cookieOf(session);
  return expires !== null && expires <= Date.now() ? null : session;
}

function toData(session: OldSession, values: object): ForeignData {
  const { maxAge } = cookieOf(session);
  return { values: { ...values }, idle: maxAge };
}

function withLaterEnd(session: OldSession): OldSession {
  const { maxAge } = cookieOf(session);
  const cookie = isObject(session["cookie"]) ? session["cookie"] : {};
  return maxAge === null
    ? session
    : { ...session, cookie: { ...cookie, expires: new Date(Date.now() + maxAge) } };
}

/** The life that its cookie was given, in milliseconds, and when it ends, in epoch milliseconds; `null` for what is the default. */
function cookieOf({ cookie }: OldSession): {
  readonly maxAge: number | null;
  readonly expires: number | null;
} {
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
