import { Router } from "express";
import { formText, oneOf, toLocalPath } from "../forms.js";

/** Theme and language: kept for guests too. */
export function preferenceRoutes(): Router {
  const router = Router();
  router.post("/preferences", (request, response) => {
    const { session } = request;
    const theme = oneOf(["system", "light", "dark"], formText(request.body, "theme"));
    const language = oneOf(["en", "de"], formText(request.body, "language"));
    if (theme !== undefined) session.theme = theme;
    if (language !== undefined) session.language = language;
    response.redirect(303, toLocalPath(formText(request.body, "from")));
  });
  return router;
}
