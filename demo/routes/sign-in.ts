import { Router } from "express";
import { formText, toLocalPath } from "../forms.js";
import { signInPage } from "../pages/sign-in-page.js";
import { nameIn, signIn } from "../signing-in.js";
import type { UserSessions } from "../user-sessions.js";
import { toView } from "./to-view.js";

/** Signing in; and out, on this device or, where sessions can be found by their user, everywhere. */
export function signInRoutes(userSessions: UserSessions | null): Router {
  const router = Router();

  router.get("/sign-in", (request, response) => {
    const next = toLocalPath(formText(request.query, "next"));
    response.send(signInPage(toView(request), { next }).text);
  });

  router.post("/sign-in", (request, response) => {
    const { session, body } = request;
    const next = toLocalPath(formText(body, "next"));
    if (signIn(session, body, request.get("user-agent"))) return response.redirect(303, next);
    response.status(422).send(signInPage(toView(request), { next, refused: nameIn(body) }).text);
  });

  router.post("/sign-out", async (request, response) => {
    await request.session.destroy();
    response.redirect(303, "/");
  });

  router.post("/sign-out-everywhere", async (request, response) => {
    const { userId } = request.session;
    await request.session.destroy();
    if (userId !== undefined) await userSessions?.revoke({ userId });
    response.redirect(303, "/");
  });

  return router;
}
