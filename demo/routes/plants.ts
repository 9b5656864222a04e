import { Router } from "express";
import { plantsPage } from "../pages/plants-page.js";
import { toView } from "./to-view.js";

/** The front page. */
export function plantRoutes(): Router {
  const router = Router();
  router.get("/", (request, response) => {
    const { session } = request;
    // Looking around as a guest stores nothing and sets no cookie.
    if (session.userId !== undefined) session.visits += 1;
    response.send(plantsPage(toView(request), session.cart).text);
  });
  return router;
}
