import { type Html, html } from "../html.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";
import { preferences } from "./preferences.js";

/** A page of the shop around its content. */
export function layout(view: View, title: string, content: Html): Html {
  const { texts, language, theme, notice } = view;
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Fernweh</title>
<link rel="icon" href="/leaf.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop.css">
</head>
<body>
<a class="skip" href="#content">${texts.skip}</a>
<header class="bar">
<a class="brand" href="${view.shop}/">${icons.leaf}<span>Fernweh</span></a>
${navigation(view)}
${preferences(view)}
</header>
<main id="content">
${notice !== null && html`<p class="notice" role="status">${icons.check}${notice}</p>`}
${content}
</main>
<footer class="foot"><p>${texts.footer}</p></footer>
</body>
</html>`;
}

/** A page that only says something: not found, broken. */
export function messagePage(view: View, title: string, hint: string): Html {
  const back = html`<a class="button" href="${view.shop}/">${view.texts.toPlants}</a>`;
  return layout(
    view,
    title,
    html`<section class="empty">${icons.wilted}<h1>${title}</h1><p>${hint}</p>${back}</section>`,
  );
}

function navigation({ texts, name, cartCount, path, shop }: View): Html {
  const link = (href: string, content: Html): Html =>
    html`<a href="${shop}${href}"${shop === "" && path.split("?")[0] === href && html` aria-current="page"`}>${content}</a>`;
  const count = cartCount > 0 && html` <span class="count">${cartCount}</span>`;
  return html`<nav class="links">
${link("/", html`${texts.plants}`)}
${link("/cart", html`${texts.cart}${count}`)}
${name === null ? link("/sign-in", html`${texts.signIn}`) : link("/devices", html`<span class="who">${initial(name)}</span><span class="long">${texts.devices}</span>`)}
</nav>`;
}

function initial(name: string): string {
  return ([...name][0] ?? "").toUpperCase();
}
