import { readFileSync } from "node:fs";
import { honoSession } from "@session-gen/runtime/hono";
import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import type { Sessions } from "../../generated/index.js";
import { assets } from "../assets.js";
import { contentPolicy, keptNowhere } from "../content-policy.js";
import { formText, toLocalPath } from "../forms.js";
import { messagePage } from "../pages/layout.js";
import { signInPage } from "../pages/sign-in-page.js";
import { keepPreferences } from "../preferences.js";
import { nameIn, signIn } from "../signing-in.js";
import { readView, type View } from "../view.js";
import { carePage } from "./care-page.js";

/**
 * A second front, of another framework, over the sessions of the shop: who signs in on one is signed in on the other, and the
 * cart that one fills the other reads. What it does not have, the shop at that address has.
 */
export function createCareDesk(sessions: Sessions, shop: string): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(contentPolicy)) c.header(name, value);
  });
  for (const [name, { path, type }] of Object.entries(assets)) {
    const content = readFileSync(path, "utf8");
    app.get(`/${name}`, (c) =>
      c.body(content, 200, { "Content-Type": type, "Cache-Control": "max-age=300" }),
    );
  }
  app.use(honoSession(sessions, { csrf: true }));
  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", keptNowhere);
  });

  app.get("/", (c) => c.html(carePage(toView(c, shop), c.var.session.cart).text));
  app.get("/sign-in", (c) => {
    const next = toLocalPath(c.req.query("next") ?? "");
    return c.html(signInPage(toView(c, shop), { next }).text);
  });
  app.post("/sign-in", async (c) => {
    const form = await c.req.parseBody();
    const next = toLocalPath(formText(form, "next"));
    if (signIn(c.var.session, form, c.req.header("user-agent"))) return c.redirect(next, 303);
    return c.html(signInPage(toView(c, shop), { next, refused: nameIn(form) }).text, 422);
  });
  app.post("/sign-out", async (c) => {
    await c.var.session.destroy();
    return c.redirect("/", 303);
  });
  app.post("/preferences", async (c) => {
    const form = await c.req.parseBody();
    keepPreferences(c.var.session, form);
    return c.redirect(toLocalPath(formText(form, "from")), 303);
  });
  app.notFound((c) => {
    const view = toView(c, shop);
    return c.html(messagePage(view, view.texts.notFound, view.texts.notFoundHint).text, 404);
  });
  return app;
}

function toView(c: Context, shop: string): View {
  const language = accepts(c, { header: "Accept-Language", supports: ["en", "de"], default: "en" });
  const { pathname, search } = new URL(c.req.url);
  const prefers = language === "de" ? "de" : "en";
  return readView({ session: c.var.session, path: pathname + search, shop, prefers });
}
