import { hash } from "node:crypto";
import { type NoAbilities, withProcessAtomicity } from "../../backends/process-atomicity.js";
import { fromRecordText, toRecordText, unreadableRecord } from "../../backends/record-text.js";
import { assertOptions, withMethods } from "../../platform/options.js";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import { callForeign } from "./foreign-call.js";

/** What is used of a store of express-session or @fastify/session. */
export interface ForeignStore {
  get(sid: string, callback: (error?: unknown, session?: unknown) => void): void;
  set(sid: string, session: never, callback: (error?: unknown) => void): void;
  destroy(sid: string, callback: (error?: unknown) => void): void;
}

const foreignStore = withMethods("a store of express-session", "get", "set", "destroy");

/** The store forgets a record so long after it has expired: the runtime's clock decides, not the store's. */
const margin = 5 * 60_000;

/**
 * Keeps sessions in a store that was made for express-session or @fastify/session, beside those of other libraries:
 * each under a hashed id, as a session with a cookie, whose life the store goes by, and one member with the record.
 * Such a store cannot compare and swap: see `withProcessAtomicity` for what holds. It is not closed here.
 */
export function expressStoreBackend(store: ForeignStore): SessionBackend<NoAbilities> {
  assertOptions("expressStoreBackend", { store }, { store: foreignStore });
  return withProcessAtomicity({
    client: store,
    async get(id) {
      const session = await callForeign<unknown>((done) => store.get(toSid(id), done));
      return session === undefined || session === null ? null : fromSession(session, id);
    },
    async set(record) {
      await callForeign((done) => store.set(toSid(record.id), toSession(record) as never, done), {
        isWrite: true,
      });
    },
    async remove(id) {
      await callForeign((done) => store.destroy(toSid(id), done));
    },
  });
}

function toSid(id: string): string {
  return `session-gen-${hash("sha256", JSON.stringify(id), "hex")}`;
}

function toSession(record: SessionRecord): object {
  const maxAge = Math.max(0, record.expiresAt - Date.now()) + margin;
  const expires = new Date(Date.now() + maxAge);
  const cookie = { originalMaxAge: maxAge, maxAge, expires, httpOnly: true, path: "/" };
  return { cookie, sessionGen: `${record.expiresAt} ${toRecordText(record)}` };
}

/** The record of a stored session; one that is unreadable for what is not ours. */
function fromSession(session: unknown, id: string): SessionRecord {
  const held =
    typeof session === "object" && session !== null && "sessionGen" in session ? session.sessionGen : "";
  const [, expiry = "", text = ""] = /^(\S+) (.*)$/s.exec(String(held)) ?? [];
  const body = fromRecordText(text);
  if (body?.id === id && Number.isFinite(Number(expiry))) return { ...body, expiresAt: Number(expiry) };
  return unreadableRecord({ id, revision: 0, expiresAt: Number.MAX_SAFE_INTEGER });
}
