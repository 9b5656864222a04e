import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { createGzip, type Gzip } from "node:zlib";
import { expect, it } from "vitest";
import { nodeSession } from "../../../runtime/http/node.js";
import { COOKIE, type Commit, type Handler, listen, type StandIn } from "./held-server.js";

const parts = ["small ", "parts, ", "of which none fills a buffer"];
const large = Array.from({ length: 20 }, () => "x".repeat(20_000));

const handlers: Readonly<Record<string, Handler>> = {
  "/pipe": (_, response) => Readable.from(parts).pipe(response),
  "/pipe-large": (_, response) => Readable.from(large).pipe(response),
  "/write": async (_, response) => {
    for (const part of parts) if (!response.write(part)) await once(response, "drain");
    response.end();
  },
};

const sessionsThat = (commitNow: Commit) => ({
  name: "session",
  slot: Symbol("session"),
  openNow: (): StandIn => ({ changed: false }),
  commitNow,
});

/** Sends a body through gzip as middleware does: who waits for `drain` waits for the stream of gzip, and the head leaves when that begins. */
function compress(response: ServerResponse): void {
  const { write, end, on, writeHead } = response;
  const waiting: (() => void)[] = [];
  let gzip: Gzip | undefined;
  const start = (): Gzip => {
    if (gzip !== undefined) return gzip;
    response.setHeader("Content-Encoding", "gzip");
    Reflect.apply(writeHead, response, [response.statusCode]);
    const stream = createGzip();
    for (const listener of waiting) stream.on("drain", listener);
    stream.on("data", (data) => Reflect.apply(write, response, [data]) === false && stream.pause());
    stream.on("end", () => Reflect.apply(end, response, []));
    Reflect.apply(on, response, ["drain", () => stream.resume()]);
    gzip = stream;
    return stream;
  };
  const redirected = {
    writeHead: () => response,
    write: (data: string) => start().write(data),
    end: (data?: string) => start().end(data),
    on(name: string, listener: () => void) {
      if (name !== "drain") return Reflect.apply(on, response, [name, listener]);
      if (gzip === undefined) waiting.push(listener);
      else gzip.on(name, listener);
      return response;
    },
  };
  Object.assign(response, redirected);
}

const later: Commit = () => new Promise((resolve) => setImmediate(resolve, COOKIE));

const orders: Readonly<Record<string, (handler: Handler) => RequestListener>> = {
  "before the session": (handler) => {
    const inner = nodeSession(sessionsThat(later), handler);
    return (request, response) => {
      compress(response);
      inner(request, response);
    };
  },
  "after it": (handler) =>
    nodeSession(sessionsThat(later), (request, response, session) => {
      compress(response);
      return handler(request, response, session);
    }),
};

it.each(Object.keys(orders).flatMap((order) => Object.keys(handlers).map((path) => [path, order] as const)))(
  "the whole of %s is sent by a response that is compressed %s",
  async (path, order) => {
    const handler: Handler = (request, ...rest) => handlers[request.url ?? ""]?.(request, ...rest);
    const { url } = await listen(orders[order]?.(handler) ?? (() => undefined));
    const response = await fetch(url + path.slice(1), { signal: AbortSignal.timeout(2000) });
    expect(response.headers.getSetCookie()).toEqual(["session=k"]);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toBe((path === "/pipe-large" ? large : parts).join(""));
  },
);
