import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type IncomingHttpHeaders } from "node:http2";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { type NodeSessionHandler, nodeSession } from "../../../runtime/http/node.js";
import { openShop, type ShopSession } from "../../suites/shop-kind.js";

const handlers: Readonly<Record<string, NodeSessionHandler<ShopSession>>> = {
  "/theme": (_request, response, session) => {
    session.theme = "dark";
    response.writeHead(201, { "set-cookie": "own=1" }).end("made");
  },
  "/read": (_request, response, session) => response.end(session.theme),
  "/late-throw": (_request, response) => {
    response.write("part of it");
    throw new Error("too late for an answer");
  },
  "/late-cookie": (_request, response, session) => {
    response.write("all of it");
    session.theme = "dark";
    response.end();
  },
};

describe("a server of HTTP/2", () => {
  let client: ClientHttp2Session;
  let close: () => void;
  const onError = vi.fn();

  beforeEach(async () => {
    const listener = nodeSession(
      openShop(createMemoryBackend()),
      (request, response, session) => handlers[request.url ?? ""]?.(request, response, session),
      { onError },
    );
    // The compatible requests and responses of node:http2, which its types do not know to be such.
    const server = createServer(listener as never).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    client = connect(`http://127.0.0.1:${address.port}`);
    close = () => server.close();
  });
  afterEach(() => {
    client.destroy();
    close();
  });

  const ask = async (path: string, cookies: readonly string[] = []) => {
    const stream = client.request({ ":path": path, cookie: [...cookies] });
    let headers: IncomingHttpHeaders = {};
    let body = "";
    stream.on("response", (given) => {
      headers = given;
    });
    stream.on("data", (part) => {
      body += part;
    });
    const isBroken = await once(stream, "close").then(
      () => false,
      () => true,
    );
    return { status: headers[":status"], cookies: headers["set-cookie"] ?? [], body, isBroken };
  };

  it("sets the cookie, and reads it from a header in pieces", async () => {
    const { cookies, ...answer } = await ask("/theme");
    expect(answer).toEqual({ status: 201, body: "made", isBroken: false });
    expect(cookies).toHaveLength(2);
    const [pair = ""] = cookies.at(1)?.split(";", 1) ?? [];
    expect((await ask("/read", ["a=b", pair, "c=d"])).body).toBe("dark");
  });

  it.each(["/late-throw", "/late-cookie"])(
    "does not pass off as whole what was broken off: %s",
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 200, cookies: [], isBroken: true });
      expect(onError).toHaveBeenCalledOnce();
      onError.mockClear();
      expect((await ask("/theme")).body).toBe("made");
    },
  );
});
