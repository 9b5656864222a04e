import { once } from "node:events";
import type { Readable } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { fetchSession } from "../../runtime/http/fetch.js";
import { honoSession } from "../../runtime/http/hono.js";
import type { AdapterUnderTest } from "./adapter-shop.js";
import type { Listening } from "./listen.js";

/** Hono, as the adapter suite starts it. */
export const honoAdapter: AdapterUnderTest = {
  name: "hono",
  start: (sessions, route, options) => {
    const app = new Hono();
    const { tenant, ...others } = options;
    app.use(
      honoSession(sessions, {
        ...others,
        ...(tenant && { tenant: (c) => tenant({ headers: c.req.header() }) }),
      }),
    );
    app.onError((error, c) => c.text(`${error.name}\n`, 500));
    app.all("*", async (c) => {
      let response: Response | undefined;
      await route(c.req.path)({
        session: options.skip === undefined ? sessions.of(c) : sessions.create(),
        reply: (status, body, headers) => {
          response = new Response(toBody(status, body), { status, headers: new Headers(headers) });
        },
        stream: (body) => {
          response = c.body(toWebStream(body));
        },
        redirect: (location) => {
          response = c.redirect(location);
        },
      });
      return response ?? c.notFound();
    });
    return serve(app.fetch);
  },
};

/** A handler of `Request` and `Response`, as the adapter suite starts it. */
export const fetchAdapter: AdapterUnderTest = {
  name: "fetch",
  start: (...shop) => serve(answering(...shop)),
};

/** The shop as a function of `Request` and `Response`, wherever that is called. */
export function answering(
  ...[sessions, route, options]: Parameters<AdapterUnderTest["start"]>
): (request: Request) => Promise<Response> {
  return fetchSession(
    sessions,
    async (request, session) => {
      let response: Response | undefined;
      const { pathname } = new URL(request.url);
      await route(pathname)({
        session: session ?? sessions.create(),
        reply: (status, body, headers) => {
          response = new Response(toBody(status, body), { status, headers: new Headers(headers) });
        },
        stream: (body) => {
          response = new Response(toWebStream(body));
        },
        // Its headers cannot be changed.
        redirect: (location) => {
          response = Response.redirect(new URL(location, request.url), 302);
        },
      });
      return response ?? new Response(null, { status: 404 });
    },
    options,
  );
}

/** Serves a fetch handler on a free port of this machine. */
async function serve(fetch: (request: Request) => Response | Promise<Response>): Promise<Listening> {
  const server = createAdaptorServer({ fetch }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

function toBody(status: number, text: string): string | null {
  return status === 204 || status === 304 ? null : text;
}

function toWebStream(body: Readable): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      for await (const chunk of body) controller.enqueue(chunk);
      controller.close();
    },
  });
}
