import { SessionError } from "@session-gen/runtime";
import { expressSession } from "@session-gen/runtime/express";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Sessions } from "../generated/index.js";
import { assets } from "./assets.js";
import { contentPolicy, keptNowhere } from "./content-policy.js";
import { messagePage } from "./pages/layout.js";
import { cartRoutes } from "./routes/cart.js";
import { deviceRoutes } from "./routes/devices.js";
import { plantRoutes } from "./routes/plants.js";
import { preferenceRoutes } from "./routes/preferences.js";
import { signInRoutes } from "./routes/sign-in.js";
import { toView } from "./routes/to-view.js";
import { toUserSessions } from "./user-sessions.js";

/** The shop over its sessions. */
export function createShop(sessions: Sessions): Express {
  const userSessions = toUserSessions(sessions);
  const app = express();
  app.disable("x-powered-by");
  app.use(restrictContent);
  for (const [name, { path }] of Object.entries(assets)) {
    app.get(`/${name}`, (_request, response) => response.sendFile(path, { maxAge: "5m" }));
  }
  // Every browser that is still looked after says where a form came from; so no page here needs a token.
  app.use(expressSession(sessions, { csrf: true }));
  app.use(express.urlencoded({ extended: false, limit: "10kb" }));
  app.use(keepPrivate);
  app.use(plantRoutes(), preferenceRoutes(), cartRoutes());
  app.use(signInRoutes(userSessions), deviceRoutes(userSessions));
  app.use(notFound);
  app.use(failed);
  return app;
}

const restrictContent: RequestHandler = (_request, response, next) => {
  response.set(contentPolicy);
  next();
};

const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", keptNowhere);
  next();
};

const notFound: RequestHandler = (request, response) => {
  const view = toView(request);
  response.status(404).send(messagePage(view, view.texts.notFound, view.texts.notFoundHint).text);
};

const failed: ErrorRequestHandler = (error, request, response, next) => {
  const isTheirs = error instanceof SessionError && error.code === "invalid";
  if (!isTheirs) console.error(error);
  if (response.headersSent) return next(error);
  const view = toView(request);
  response
    .status(isTheirs ? 400 : 500)
    .send(messagePage(view, view.texts.failed, view.texts.failedHint).text);
};
