import { createCookieBackend } from "../../runtime/backends/cookie.js";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import type { SessionsForAdapters } from "../../runtime/http/exchange.js";
import { nodeSession } from "../../runtime/http/node.js";
import {
  openSealedSessions,
  type RevocableSessions,
  type SealedSessionsOptions,
  type SessionBackend,
  type SessionSeal,
} from "../../runtime/index.js";
import { randomText } from "../../runtime/platform/built-ins.js";
import { type FakeClock, fakeClock } from "../../runtime/testing/index.js";
import { type Listening, listen } from "./listen.js";
import { type ShopSession, shopKind } from "./shop-kind.js";

const key = randomText(32);

/** Sessions of the shop that clients carry, with what a test watches and changes them by. */
export interface SealedShop {
  readonly sessions: RevocableSessions<ShopSession>;
  readonly clock: FakeClock;
  readonly warnings: string[];
  /** Where ended sessions are remembered. */
  readonly revocation: SessionBackend;
}

export interface SealedShopOptions extends SealedSessionsOptions {
  readonly clock?: FakeClock;
  readonly revocation?: SessionBackend;
  readonly createSeal?: (cookieName: string) => SessionSeal;
}

const kind = { ...shopKind, indexes: [], merge: {} };

/** Serves `/get`, `/set?name=value`, `/login`, `/logout`, `/cycle` and `/touch` over node:http. */
export function serveShop(sessions: SessionsForAdapters<ShopSession>): Promise<Listening> {
  return listen(
    nodeSession(sessions, async (request, response, session) => {
      const url = new URL(request.url ?? "", "http://localhost");
      for (const [name, value] of url.searchParams) {
        if (name === "theme") session.theme = value;
        else session.update({ [name]: Number(value) });
      }
      if (url.pathname === "/logout") await session.destroy();
      if (url.pathname === "/cycle") await session.cycleKey();
      if (url.pathname === "/touch") await session.touch();
      const shown = () => ({ ...session.toJSON(), handle: session.handle, isNew: session.isNew });
      response.end(url.pathname === "/logout" ? "{}" : JSON.stringify(shown()));
    }),
  );
}

/** Opens them with a revocation backend. */
export function openRevocableShop(options: SealedShopOptions = {}): SealedShop {
  const clock = options.clock ?? fakeClock();
  const { revocation = createMemoryBackend({ clock }), createSeal, ...rest } = options;
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  const sessions = openSealedSessions<ShopSession>(
    kind,
    { logger, ...rest, clock },
    createSeal ?? ((cookieName) => createCookieBackend({ keys: options.keys ?? key, cookieName })),
    () => ({ ...revocation, place: randomText(6) }),
  );
  return { sessions, clock, warnings, revocation };
}
