import { Router } from "express";
import { authenticate } from "../accounts.js";
import { deviceLabel } from "../device-label.js";
import { formText, toLocalPath } from "../forms.js";
import { signInPage } from "../pages/sign-in-page.js";
import type { UserSessions } from "../user-sessions.js";
import { toView } from "../view.js";

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
    const typed = formText(body, "pick") || formText(body, "name");
    const account = authenticate(typed);
    if (account === null) {
      response.status(422).send(signInPage(toView(request), { next, refused: typed }).text);
      return;
    }
    session.update({
      userId: account.id,
      name: account.name,
      signedInAt: new Date(),
      device: deviceLabel(request.get("user-agent") ?? ""),
      visits: undefined,
      notice: "signed-in",
    });
    session.setExpiry(formText(body, "stay") === "yes" ? null : "browser");
    response.redirect(303, next);
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
