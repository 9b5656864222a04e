import { Router } from "express";
import { formText, toLocalPath } from "../forms.js";
import { keepPreferences } from "../preferences.js";

/** Theme and language: kept for guests too. */
export function preferenceRoutes(): Router {
  const router = Router();
  router.post("/preferences", (request, response) => {
    keepPreferences(request.session, request.body);
    response.redirect(303, toLocalPath(formText(request.body, "from")));
  });
  return router;
}
