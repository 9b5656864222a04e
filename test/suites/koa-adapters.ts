import { createRequire } from "node:module";
import Koa, { type DefaultContext, type DefaultState } from "koa";
import { koaSession } from "../../runtime/http/koa.js";
import type { AdapterUnderTest } from "./adapter-shop.js";
import { listen } from "./listen.js";

/** Koa 2, under the types of Koa 3. */
const Koa2: typeof Koa = createRequire(import.meta.url)("koa2");

/** Koa 3, as the adapter suite starts it. */
export const koaAdapter: AdapterUnderTest = overKoa("koa", () => new Koa());

/** Koa 2, as the adapter suite starts it. */
export const koa2Adapter: AdapterUnderTest = overKoa("koa 2", () => new Koa2());

function overKoa(name: string, create: () => Koa<DefaultState, DefaultContext>): AdapterUnderTest {
  return {
    name,
    start: (sessions, route, options) => {
      const app = create();
      app.silent = true;
      app.use(koaSession(sessions, options));
      app.use(async (ctx) => {
        await route(ctx.path)({
          session: options.skip === undefined ? sessions.of(ctx) : sessions.create(),
          reply: (status, body, headers = {}) => {
            ctx.status = status;
            ctx.set(headers);
            ctx.body = body;
          },
          stream: (body) => {
            ctx.status = 200;
            ctx.body = body;
          },
          redirect: (location) => {
            ctx.redirect(location);
          },
        });
      });
      return listen(app.callback());
    },
  };
}
