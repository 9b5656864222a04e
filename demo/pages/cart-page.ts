import { type Cart, type CartRow, toRows, totalOf } from "../cart.js";
import { type Html, html } from "../html.js";
import { formatPrice, type View } from "../view.js";
import { drawPlant } from "./drawings.js";
import { icons } from "./icons.js";
import { layout } from "./layout.js";

/** What is in the cart, by product. */
export function cartPage(view: View, cart: Cart): Html {
  const { texts } = view;
  const rows = toRows(cart);
  return layout(view, texts.cart, rows.length === 0 ? emptyCart(view) : fullCart(view, rows, totalOf(cart)));
}

function emptyCart({ texts }: View): Html {
  return html`<section class="empty">${icons.wilted}<h1>${texts.cartEmpty}</h1>
<p>${texts.cartEmptyHint}</p>
<a class="button" href="/">${texts.toPlants}</a></section>`;
}

function fullCart(view: View, rows: readonly CartRow[], total: number): Html {
  const { texts } = view;
  return html`<h1>${texts.cart}</h1>
<ul class="rows">${rows.map((row) => cartRow(view, row))}</ul>
<div class="sum">
<p>${texts.total} <strong>${formatPrice(total, view)}</strong></p>
<form method="post" action="/cart/order"><button class="button">${texts.order}</button></form>
<p class="hint">${texts.orderHint}</p>
</div>`;
}

function cartRow(view: View, { product, quantity, price }: CartRow): Html {
  const { texts, language } = view;
  const { name } = product[language];
  return html`<li class="row tint-${product.sku}" data-sku="${product.sku}">
<div class="thumb">${drawPlant(product.sku)}</div>
<div class="what"><h2>${name}</h2><p>${formatPrice(product.price, view)} ${texts.each}</p></div>
<form class="stepper" method="post">
<input type="hidden" name="sku" value="${product.sku}"><input type="hidden" name="from" value="/cart">
<button formaction="/cart/less" aria-label="${texts.oneLess(name)}">−</button>
<output>${quantity}</output>
<button formaction="/cart/add" aria-label="${texts.oneMore(name)}">+</button>
<button class="quiet" formaction="/cart/remove" aria-label="${texts.removeAll(name)}">${texts.remove}</button>
</form>
<p class="price">${formatPrice(price, view)}</p>
</li>`;
}
