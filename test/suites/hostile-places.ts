import { createJwtBackend } from "../../runtime/backends/jwt.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { createRedisBackend } from "../../runtime/backends/redis.js";
import type { SessionsForAdapters } from "../../runtime/http/exchange.js";
import type { SessionBackend } from "../../runtime/index.js";
import { randomText } from "../../runtime/platform/built-ins.js";
import { openRevocableShop } from "./sealed-shop.js";
import { openShop, type ShopSession } from "./shop-kind.js";

/** Sessions as hostile tests open them: those of a backend and those that clients carry. */
export type HostileSessions = SessionsForAdapters<ShopSession> & {
  create(data?: { readonly userId?: number; readonly theme?: string }): ShopSession;
};

/** A place that hostile clients try, by name; `redis` is the url of a server. `change` wraps the backend of stateful ones. */
export const hostilePlaces: Readonly<Record<string, (redis: string, change?: Change) => HostileSessions>> = {
  memory: (_, change) => openChanged(createMemoryBackend(), change),
  Redis: (url, change) =>
    openChanged(createRedisBackend({ url, prefix: `hostile-${randomText(6)}`, indexes: ["userId"] }), change),
  cookie: () => openRevocableShop({ keys: randomText(32) }).sessions,
  jwt: () => {
    const keys = randomText(32);
    const createSeal = (cookieName: string) => createJwtBackend({ algorithm: "HS256", keys, cookieName });
    return openRevocableShop({ createSeal }).sessions;
  },
};

type Change = (backend: SessionBackend) => SessionBackend;

/** Where calls are left without an answer, nobody waits for them long. */
function openChanged(backend: SessionBackend, change: Change | undefined): HostileSessions {
  return change === undefined
    ? openShop(backend, { deadline: "60s" })
    : openShop(change(backend), { deadline: "1s" });
}
