import { type Cart, toRows } from "../cart.js";
import { type Html, html } from "../html.js";
import { drawPlant } from "../pages/drawings.js";
import { layout } from "../pages/layout.js";
import { type Product, products } from "../products.js";
import type { View } from "../view.js";

/** How to keep alive what is in the cart; everything, while it is empty. */
export function carePage(view: View, cart: Cart): Html {
  const { texts, name } = view;
  const chosen = toRows(cart).map(({ product }) => product);
  return layout(
    view,
    texts.careTagline,
    html`<section class="hero">
${name !== null && html`<p class="hello">${texts.careForYou(name)}</p>`}
<h1>${texts.careTagline}</h1>
<p>${texts.careIntro}</p>
${name === null ? html`<p><a class="button" href="/sign-in">${texts.signIn}</a></p>` : signOut(view)}
</section>
<ul class="rows">${(chosen.length > 0 ? chosen : products).map((product) => hint(view, product))}</ul>`,
  );
}

function signOut({ texts }: View): Html {
  return html`<form method="post" action="/sign-out"><button class="button soft">${texts.signOut}</button></form>`;
}

function hint({ language }: View, product: Product): Html {
  const { name, care } = product[language];
  return html`<li class="row tint-${product.sku}" data-sku="${product.sku}">
<div class="thumb">${drawPlant(product.sku)}</div>
<div class="what"><h2>${name}</h2><p>${care}</p></div>
</li>`;
}
