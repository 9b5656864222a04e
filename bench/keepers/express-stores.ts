import { randomBytes } from "node:crypto";
import connectPgSimple from "connect-pg-simple";
import { RedisStore } from "connect-redis";
import session from "express-session";
import pg from "pg";
import { createClient } from "redis";
import { example } from "../http/example.js";
import { inBatches } from "../in-batches.js";
import { type Keeper, type KeeperSource, sampleOf } from "./keeper.js";

/** Stores of express-session, asked as its middleware asks them. */
export const expressStores = {
  "connect-pg-simple": async (url) => {
    const PostgresStore = connectPgSimple(session);
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    const store = new PostgresStore({ pool, createTableIfMissing: true });
    return toKeeper(store);
  },
  "connect-redis": async (url) => toKeeper(new RedisStore({ client: await createClient({ url }).connect() })),
} satisfies Readonly<Record<string, KeeperSource>>;

function toKeeper(store: session.Store): Keeper {
  const ids: string[] = [];
  const loaded: session.SessionData[] = [];
  const set = (id: string, data: session.SessionData): Promise<void> =>
    new Promise((resolve, reject) => {
      store.set(id, data, (error) => (error ? reject(error) : resolve()));
    });
  return {
    async fill(count, sample) {
      const indexes = new Map(sampleOf(count, sample).map((index, at) => [index, at]));
      await inBatches(count, async (index) => {
        const id = randomBytes(24).toString("base64url");
        const data = sessionData();
        await set(id, data);
        const at = indexes.get(index);
        if (at === undefined) return;
        ids[at] = id;
        loaded[at] = data;
      });
    },
    load: (index) =>
      new Promise((resolve, reject) => {
        store.get(ids[index] ?? "", (error, data) => {
          if (error || data == null) reject(error ?? new Error("There is no such session."));
          else resolve(data);
        });
      }),
    save(index) {
      const data = loaded[index];
      if (data === undefined) throw new Error("There is no such session.");
      Reflect.set(data, "visits", Number(Reflect.get(data, "visits")) + 1);
      return set(ids[index] ?? "", data);
    },
  };
}

/** The example, and a cookie of one hour as express-session keeps it with a session. */
export function sessionData(): session.SessionData {
  const cookie = new session.Cookie();
  cookie.maxAge = 3_600_000;
  return { ...example, cookie };
}
