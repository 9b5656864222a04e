import { fileURLToPath } from "node:url";
import { SessionError } from "@session-gen/runtime";
import { expressSession } from "@session-gen/runtime/express";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Sessions } from "../generated/index.js";
import { messagePage } from "./pages/layout.js";
import { cartRoutes } from "./routes/cart.js";
import { deviceRoutes } from "./routes/devices.js";
import { plantRoutes } from "./routes/plants.js";
import { preferenceRoutes } from "./routes/preferences.js";
import { signInRoutes } from "./routes/sign-in.js";
import { toUserSessions } from "./user-sessions.js";
import { toView } from "./view.js";

/** The shop over its sessions. */
export function createShop(sessions: Sessions): Express {
  const userSessions = toUserSessions(sessions);
  const app = express();
  app.disable("x-powered-by");
  app.use(restrictContent, refuseForeignForms);
  for (const file of ["shop.css", "leaf.svg"]) {
    const path = fileURLToPath(new URL(`./${file}`, import.meta.url));
    app.get(`/${file}`, (_request, response) => response.sendFile(path, { maxAge: "5m" }));
  }
  app.use(expressSession(sessions));
  app.use(express.urlencoded({ extended: false, limit: "10kb" }));
  app.use(keepPrivate);
  app.use(plantRoutes(), preferenceRoutes(), cartRoutes());
  app.use(signInRoutes(userSessions), deviceRoutes(userSessions));
  app.use(notFound);
  app.use(failed);
  return app;
}

/** No scripts, no frames, no forms to elsewhere. */
const restrictContent: RequestHandler = (_request, response, next) => {
  response.set(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  response.set("X-Content-Type-Options", "nosniff");
  next();
};

/**
 * Answers only to forms of its own pages. `SameSite=Lax` keeps the session cookie out of a POST that another site
 * started; but the answer to a guest's POST sets a cookie, which would take the place of the good one.
 */
const refuseForeignForms: RequestHandler = (request, response, next) => {
  const site = request.get("sec-fetch-site") ?? "none";
  if (request.method === "GET" || site === "same-origin" || site === "none") return next();
  response.status(403).type("text").send("This form came from another site.\n");
};

/** Pages are of one person at one moment: after signing out, not even "back" shows them again. */
const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
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
