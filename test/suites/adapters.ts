import { createRequire } from "node:module";
import express from "express";
import fastify from "fastify";
import { expressSession } from "../../runtime/http/express.js";
import { fastifySession } from "../../runtime/http/fastify.js";
import { nodeSession } from "../../runtime/http/node.js";
import type { AdapterUnderTest } from "./adapter-shop.js";
import { listen } from "./listen.js";

/** Express 4, under the types of Express 5. */
const express4: typeof express = createRequire(import.meta.url)("express4");

/** Express 5, as the adapter suite starts it. */
export const expressAdapter: AdapterUnderTest = overExpress("express", express);

/** Express 4, as the adapter suite starts it. */
export const express4Adapter: AdapterUnderTest = overExpress("express 4", express4);

function overExpress(name: string, create: typeof express): AdapterUnderTest {
  return {
    name,
    start: (sessions, route, options) => {
      const app = create();
      app.use(expressSession(sessions, options));
      app.use(async (request, response, next) => {
        try {
          await route(request.path)({
            session: options.skip === undefined ? sessions.of(request) : sessions.create(),
            reply: (status, body, headers = {}) => response.status(status).set(headers).end(body),
            stream: (body) => body.pipe(response),
            redirect: (location) => response.redirect(location),
          });
        } catch (error) {
          // Express 4 waits for no promise.
          next(error);
        }
      });
      return listen(app);
    },
  };
}

/** Fastify, as the adapter suite starts it. */
export const fastifyAdapter: AdapterUnderTest = {
  name: "fastify",
  start: async (sessions, route, options) => {
    const app = fastify({ forceCloseConnections: true });
    await app.register(fastifySession, { sessions, ...options });
    app.all("/*", (request, reply) =>
      route(request.url)({
        session: options.skip === undefined ? sessions.of(request) : sessions.create(),
        reply: (status, body, headers = {}) => reply.code(status).headers(headers).send(body),
        stream: (body) => reply.send(body),
        redirect: (location) => reply.redirect(location),
      }),
    );
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url, close: () => app.close() };
  },
};

/** `node:http`, as the adapter suite starts it. */
export const nodeAdapter: AdapterUnderTest = {
  name: "node",
  start: (sessions, route, options) =>
    listen(
      nodeSession(
        sessions,
        (request, response, session) =>
          route(request.url ?? "")({
            session: session ?? sessions.create(),
            reply: (status, body, headers) => response.writeHead(status, headers).end(body),
            stream: (body) => body.pipe(response),
            redirect: (location) => response.writeHead(302, { Location: location }).end(),
          }),
        options,
      ),
    ),
};
