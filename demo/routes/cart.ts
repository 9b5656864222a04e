import { Router } from "express";
import { mostLines, withoutOne } from "../cart.js";
import { formText, toLocalPath } from "../forms.js";
import { cartPage } from "../pages/cart-page.js";
import { findProduct } from "../products.js";
import { toView } from "./to-view.js";

/** The cart: to look at, fill, change and order. */
export function cartRoutes(): Router {
  const router = Router();

  router.get("/cart", (request, response) => {
    response.send(cartPage(toView(request), request.session.cart).text);
  });

  router.post("/cart/add", (request, response) => {
    const { session } = request;
    const product = findProduct(formText(request.body, "sku"));
    const from = toLocalPath(formText(request.body, "from"));
    if (product !== undefined) {
      const isFull = session.cart.length >= mostLines;
      // Appended and not counted up: what another tab appends meanwhile is kept as well (`merge` in the schema).
      if (!isFull) session.cart.push({ sku: product.sku, quantity: 1 });
      if (isFull || from !== "/cart") session.notice = isFull ? "full" : "added";
    }
    response.redirect(303, from);
  });

  router.post("/cart/less", (request, response) => {
    const { session } = request;
    session.cart = withoutOne(session.cart, formText(request.body, "sku"));
    response.redirect(303, "/cart");
  });

  router.post("/cart/remove", (request, response) => {
    const { session } = request;
    const sku = formText(request.body, "sku");
    session.cart = session.cart.filter((line) => line.sku !== sku);
    response.redirect(303, "/cart");
  });

  router.post("/cart/order", (request, response) => {
    const { session } = request;
    if (session.cart.length > 0) session.update({ cart: undefined, notice: "ordered" });
    response.redirect(303, "/cart");
  });

  return router;
}
