import { toRows } from "../cart.js";
import { type Html, html } from "../html.js";
import { type Product, products } from "../products.js";
import { formatPrice, type View } from "../view.js";
import { drawPlant } from "./drawings.js";
import { layout } from "./layout.js";

/** The front page. */
export function plantsPage(view: View, cart: Parameters<typeof toRows>[0]): Html {
  const { texts, name } = view;
  const inCart = new Map(toRows(cart).map(({ product, quantity }) => [product.sku, quantity]));
  const cards = products.map((product) => card(view, product, inCart.get(product.sku) ?? 0));
  return layout(
    view,
    texts.plants,
    html`<section class="hero">
${name !== null && html`<p class="hello">${texts.welcomeBack(name)}</p>`}
<h1>${texts.tagline}</h1>
<p>${texts.intro}</p>
</section>
<ul class="shelf">${cards}</ul>`,
  );
}

function card(view: View, product: Product, count: number): Html {
  const { texts, language } = view;
  const { name, pitch } = product[language];
  return html`<li class="card tint-${product.sku}">
<div class="picture">${drawPlant(product.sku)}${count > 0 && html`<span class="badge">${texts.inCart(count)}</span>`}</div>
<div class="about">
<h2>${name}</h2>
<p>${pitch}</p>
<form method="post" action="/cart/add">
<span class="price">${formatPrice(product.price, view)}</span>
<input type="hidden" name="from" value="${view.path}">
<button class="button" name="sku" value="${product.sku}" aria-label="${texts.addOne(name)}">${texts.add}</button>
</form>
</div>
</li>`;
}
