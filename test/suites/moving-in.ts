import { createHash, createHmac } from "node:crypto";
import type { RequestListener } from "node:http";
import express from "express";
import session, { type Store } from "express-session";
import type { MemoryAbilities } from "../../runtime/backends/memory.js";
import { type FromExpressSessionOptions, fromExpressSession } from "../../runtime/http/adopt.js";
import type { SessionsForAdapters } from "../../runtime/http/exchange.js";
import { expressSession } from "../../runtime/http/express.js";
import { openSessions, type SessionBackend, SessionError } from "../../runtime/index.js";
import { type ShopData, type ShopSession, shopKind } from "./shop-kind.js";

/** What express-session signs its cookies with, in an app that is moving in. */
export const OLD_SECRET = "the secret of the old app";

/** A cookie of express-session as it signs the same session with this secret. */
export function signedWith(secret: string, cookie = ""): string {
  const [sid = ""] = decodeURIComponent(cookie).replace(/^s:/, "").split(".");
  const signature = createHmac("sha256", secret).update(sid).digest("base64").replace(/=+$/, "");
  return encodeURIComponent(`s:${sid}.${signature}`);
}

/** The sessions of the app that is moved to, in memory. */
export function openNew(backend: SessionBackend<MemoryAbilities>, clock: () => number) {
  return openSessions<ShopSession, Pick<ShopData, "userId">, MemoryAbilities>(
    shopKind,
    { backend, clock, deadline: 0.1 },
    () => backend,
  );
}

/** What the routes of both apps answer. */
export interface Who {
  readonly userId: number | null;
  readonly theme: string | null;
  /** Names the session without telling its key. */
  readonly session: string;
}

type OldBag = session.Session & { userId?: number; theme?: string };

/** The app as it was: express-session over a store of its own. */
export function oldApp(store: Store): RequestListener {
  const app = express();
  app.use(session({ secret: OLD_SECRET, resave: false, saveUninitialized: false, store }));
  // Other tests declare what else `request.session` may be.
  const bag = (request: object): OldBag => Reflect.get(request, "session");
  app.get("/login/:user", (request, response) => {
    Object.assign(bag(request), { userId: Number(request.params.user), theme: "old" });
    response.end();
  });
  app.get("/relogin/:user", (request, response, next) => {
    bag(request).regenerate((error: unknown) => {
      if (error) return next(error);
      Object.assign(bag(request), { userId: Number(request.params.user), theme: "old" });
      response.end();
    });
  });
  app.get("/who", (request, response) => {
    const { userId = null, theme = null } = bag(request);
    const name = createHash("sha256").update(request.sessionID).digest("hex");
    response.json({ userId, theme, session: name });
  });
  app.get("/logout", (request, response, next) => {
    bag(request).destroy((error: unknown) => (error ? next(error) : response.end()));
  });
  return app;
}

/** What of `fromExpressSession` a test says itself. */
export type AdoptOptions = Omit<FromExpressSessionOptions<object>, "store" | "secret"> & {
  readonly secret?: string | readonly string[];
};

/** The app as it is to be: typed sessions, into which those of the old app move. */
export function newApp(
  sessions: SessionsForAdapters<ShopSession> & { of(request: object): ShopSession },
  store: Store,
  options: AdoptOptions = {},
): RequestListener {
  const app = express();
  const adopt = fromExpressSession({ store, secret: OLD_SECRET, ...options });
  app.use(expressSession(sessions, { adopt }));
  app.get("/who", (request, response) => {
    const { userId = null, theme = null, handle } = sessions.of(request);
    response.json({ userId, theme, session: handle ?? "none" });
  });
  app.get("/login/:user", (request, response) => {
    sessions.of(request).userId = Number(request.params.user);
    response.end();
  });
  app.get("/plain", (_request, response) => void response.end());
  app.get("/logout", async (request, response) => {
    await sessions.of(request).destroy();
    response.end();
  });
  app.use((error: unknown, _: unknown, response: express.Response, __: express.NextFunction) => {
    response.status(error instanceof SessionError ? error.status : 500).end();
  });
  return app;
}
