import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import session from "express-session";
import { onTestFinished } from "vitest";
import { expressStore } from "../../../runtime/http/express-store.js";
import type { Opened } from "../fixture/open.js";

/** What the app of these tests keeps in its sessions. */
type AppSession = session.Session & {
  userId?: number | string;
  visits?: number;
  points?: string;
  tags?: string[];
  lastSeen?: Date;
  flash?: unknown;
  [name: `member${number}`]: number;
};

/** Other tests declare what else `request.session` may be. */
export function sessionOf(request: object): AppSession {
  return (request as { readonly session: AppSession }).session;
}

type Handler = (request: express.Request, response: express.Response) => void | Promise<void>;

/** An app of express-session over our sessions; a handler for each path. */
export async function start(
  handlers: Readonly<Record<string, Handler>>,
  { sessions }: Pick<Opened, "sessions">,
  options: Partial<session.SessionOptions> = {},
) {
  const app = express();
  app.use(
    session({
      secret: "s",
      resave: false,
      saveUninitialized: false,
      store: expressStore(sessions),
      ...options,
    }),
  );
  for (const [path, handler] of Object.entries(handlers)) app.get(path, handler);
  app.use((error: { code?: string }, _: unknown, response: express.Response, next: express.NextFunction) => {
    if (response.headersSent) return next();
    response.status(500).send(String(error.code));
  });
  const server = createServer(app).listen(0);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let cookie = "";
  return {
    cookie: () => cookie,
    get: async (path: string, sent = cookie) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie: sent } });
      const set = response.headers.getSetCookie()[0]?.split(";")[0];
      if (set !== undefined) cookie = set;
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}
