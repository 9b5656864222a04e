import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HeaderList, SessionsForAdapters } from "../../../runtime/http/exchange.js";
import { type NodeSessionOptions, nodeSession } from "../../../runtime/http/node.js";
import { SessionError } from "../../../runtime/session-error.js";

/** Stands in for a session: what is committed is said by the test. */
interface StandIn {
  changed: boolean;
}

type Commit = SessionsForAdapters<StandIn>["commitNow"];

const COOKIE: HeaderList = [["Set-Cookie", "session=k"]];
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, session: StandIn) => unknown;

async function listen(listener: RequestListener): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}/`, port: address.port, server };
}

function serve(handler: Handler, commitNow: Commit, options?: NodeSessionOptions): ReturnType<typeof listen> {
  const sessions: SessionsForAdapters<StandIn> = {
    name: "session",
    openNow: () => ({ changed: false }),
    commitNow,
  };
  return listen(nodeSession(sessions, handler, options as NodeSessionOptions & { skip?: never }));
}

/** A commit that waits until the test lets it go on. */
function gate(): {
  commit: Commit;
  open: (headers?: HeaderList) => void;
  fail: (error: unknown) => void;
  reached: Promise<void>;
} {
  let open = (_headers?: HeaderList): void => undefined;
  let fail = (_error: unknown): void => undefined;
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const waiting = new Promise<HeaderList>((resolve, reject) => {
    open = (headers = COOKIE) => resolve(headers);
    fail = reject;
  });
  return {
    commit: () => {
      reach();
      return waiting;
    },
    open: (headers) => open(headers),
    fail: (error) => fail(error),
    reached,
  };
}

/** What a raw request gets before the server closes, or until `enough`. */
async function exchangeRaw(
  port: number,
  text: string,
  enough?: (received: string) => boolean,
): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  socket.write(text);
  for await (const chunk of socket) {
    received += String(chunk);
    if (enough?.(received) === true) break;
  }
  socket.destroy();
  return received;
}

const later: Commit = () => Promise.resolve(COOKIE);
const atOnce: Commit = () => COOKIE;
const body = "x".repeat(200_000);

describe.each([
  ["at once", atOnce],
  ["later", later],
])("a commit that is done %s", (_when, commit) => {
  const answers: readonly (readonly [what: string, handler: Handler, status: number, text: string])[] = [
    ["end with a body", (_, response) => response.end("hello"), 200, "hello"],
    ["end without a body", (_, response) => response.end(), 200, ""],
    ["end with an encoding", (_, response) => response.end("aGk=", "base64"), 200, "hi"],
    [
      "a status and a message",
      (_, response) => {
        response.statusCode = 404;
        response.statusMessage = "Nope";
        response.end("no");
      },
      404,
      "no",
    ],
    [
      "writes and an end",
      (_, response) => {
        response.write("a");
        response.write("b", "utf8");
        response.end("c");
      },
      200,
      "abc",
    ],
    [
      "writeHead with an object",
      (_, response) => response.writeHead(201, { "X-A": "1", "Set-Cookie": ["own=1"] }).end("made"),
      201,
      "made",
    ],
    [
      "writeHead with a message",
      (_, response) => response.writeHead(201, "Done", { "X-A": "1" }).end("made"),
      201,
      "made",
    ],
    [
      "writeHead with a list",
      (_, response) =>
        response.writeHead(201, ["X-A", "1", "Set-Cookie", "own=1", "set-cookie", "two=2"]).end("made"),
      201,
      "made",
    ],
    ["writeHead alone", (_, response) => response.writeHead(202).end(), 202, ""],
    [
      "flushHeaders before a body",
      (_, response) => {
        response.flushHeaders();
        setImmediate(() => response.end("late"));
      },
      200,
      "late",
    ],
    ["204", (_, response) => response.writeHead(204).end(), 204, ""],
    ["a redirect", (_, response) => response.writeHead(302, { Location: "/to" }).end(), 302, ""],
    [
      "a piped stream",
      (_, response) => Readable.from([body, body, "end"]).pipe(response),
      200,
      `${body}${body}end`,
    ],
    [
      "a pipeline",
      (_, response) => pipeline(Readable.from([body, body, "end"]), response),
      200,
      `${body}${body}end`,
    ],
    [
      "a writer that waits for drain",
      async (_, response) => {
        for (let part = 0; part < 5; part += 1) if (!response.write(body)) await once(response, "drain");
        response.end("end");
      },
      200,
      `${body.repeat(5)}end`,
    ],
    [
      "small writes that wait for drain",
      async (_, response) => {
        for (const part of ["a", "b", "c"]) if (!response.write(part)) await once(response, "drain");
        response.end();
      },
      200,
      "abc",
    ],
    [
      "end called twice",
      (_, response) => {
        response.end("once");
        response.end();
      },
      200,
      "once",
    ],
    [
      "trailers",
      (_, response) => {
        response.setHeader("Trailer", "X-T");
        response.write("a");
        response.addTrailers({ "X-T": "1" });
        response.end();
      },
      200,
      "a",
    ],
  ];
  it.each(answers)("sends the cookie and the whole answer: %s", async (_what, handler, status, text) => {
    const { url } = await serve(handler, commit);
    const response = await fetch(url, { redirect: "manual" });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(text);
    expect(response.headers.getSetCookie()).toContain("session=k");
  });

  it("keeps what the app gave writeHead, and what it set before", async () => {
    const handler: Handler = (_, response) => {
      response.setHeader("Set-Cookie", "first=1");
      response.setHeader("X-Before", "1");
      response.writeHead(200, "Fine", ["X-A", "1", "Set-Cookie", "own=1", "set-cookie", "two=2"]);
      expect(response.headersSent).toBe(true);
      expect(() => response.setHeader("X-Late", "1")).toThrow(
        expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" }),
      );
      expect(() => response.writeHead(500)).toThrow(
        expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" }),
      );
      response.statusCode = 500;
      response.end("ok");
    };
    const { port } = await serve(handler, commit);
    const received = await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(received).toMatch(/^HTTP\/1\.1 200 Fine\r\n/);
    expect(received.match(/^Set-Cookie: .*$/gim)).toEqual([
      "Set-Cookie: own=1",
      "Set-Cookie: two=2",
      "Set-Cookie: session=k",
    ]);
    expect(received).toMatch(/^X-Before: 1\r$/m);
    expect(received).toMatch(/^X-A: 1\r$/m);
  });

  it("calls the callbacks of write and end, in order", async () => {
    const calls: string[] = [];
    const { url } = await serve((_, response) => {
      response.write("a", () => calls.push("a"));
      response.write("b", "utf8", () => calls.push("b"));
      response.end("c", () => calls.push("end"));
    }, commit);
    expect(await (await fetch(url)).text()).toBe("abc");
    await vi.waitFor(() => expect(calls).toEqual(["a", "b", "end"]));
  });

  it("answers HEAD without a body, and lets informational responses pass", async () => {
    const { port } = await serve((_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</a.css>; rel=preload" });
      response.end("body");
    }, commit);
    const received = await exchangeRaw(port, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(received).toMatch(
      /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 103 Early Hints\r\n[\s\S]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
    expect(received).toContain("Set-Cookie: session=k");
    expect(received.endsWith("\r\n\r\n")).toBe(true);
  });

  it("serves pipelined requests in order on one connection", async () => {
    const { port } = await serve((request, response) => response.end(`<${request.url}>`), commit);
    const get = (path: string, last = ""): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${last}\r\n`;
    const received = await exchangeRaw(port, get("/1") + get("/2") + get("/3", "Connection: close\r\n"));
    expect(received.match(/<\/\d>/g)).toEqual(["</1>", "</2>", "</3>"]);
    expect(received.match(/Set-Cookie: session=k/g)).toHaveLength(3);
  });
});

describe("the first byte", () => {
  const senders: readonly (readonly [what: string, send: (response: ServerResponse) => unknown])[] = [
    ["end", (response) => response.end("hello")],
    ["write", (response) => response.write("hello")],
    ["flushHeaders", (response) => response.flushHeaders()],
    ["writeHead and flushHeaders", (response) => response.writeHead(200).flushHeaders()],
    ["a pipe", (response) => Readable.from(["hello"]).pipe(response)],
  ];
  it.each(senders)("waits for the commit: %s", async (_what, send) => {
    const held = gate();
    const { port } = await serve((_, response) => send(response), held.commit);
    let received = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += String(chunk);
    });
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await held.reached;
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(received).toBe("");
    held.open();
    await vi.waitFor(() => expect(received).toContain("Set-Cookie: session=k"));
    socket.destroy();
  });

  it("is sent as it stood when the app sent it, whatever an error handler tries meanwhile", async () => {
    const held = gate();
    const { url } = await serve((_, response) => {
      response.end("fine");
      expect(response.headersSent).toBe(true);
      expect(response.writableEnded).toBe(true);
      response.statusCode = 500;
      response.statusMessage = "Broken";
      expect(() => response.setHeader("X-Error", "1")).toThrow(/headers/);
      expect(() => response.removeHeader("X-Error")).toThrow(/headers/);
    }, held.commit);
    const answer = fetch(url);
    await held.reached;
    held.open();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(response.statusText).toBe("OK");
    expect(await response.text()).toBe("fine");
  });
});

describe("a commit that fails", () => {
  const failures: readonly (readonly [code: SessionError["code"], status: number])[] = [
    ["unavailable", 503],
    ["timeout", 503],
    ["gone", 409],
    ["conflict", 409],
    ["too-large", 500],
    ["config", 500],
  ];
  const warning = vi.spyOn(process, "emitWarning").mockReturnValue();

  it.each(failures)("with %s answers %i instead of the handler", async (code, status) => {
    for (const isLater of [false, true]) {
      const error = new SessionError(code, "What a person reads");
      const { url } = await serve(
        (_, response) => {
          response.writeHead(201, {
            "Content-Length": 5,
            ETag: "x",
            "X-Mine": "1",
            "Cache-Control": "public",
          });
          response.write("hello");
          response.end();
        },
        (_session, { status: given }) => {
          if (given === 500) return [["Set-Cookie", "session=; Max-Age=0"]];
          if (isLater) return Promise.reject(error);
          throw error;
        },
      );
      const response = await fetch(url);
      expect(response.status).toBe(status);
      expect(response.headers.get("retry-after")).toBe(status === 503 ? "2" : null);
      expect(response.headers.get("etag")).toBeNull();
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-mine")).toBe("1");
      expect(response.headers.getSetCookie()).toEqual(["session=; Max-Age=0"]);
      expect(await response.text()).not.toMatch(/hello|person/);
    }
    expect(warning.mock.calls.length > 0).toBe(status === 500);
    warning.mockClear();
  });

  it("ends a pipe and a waiting writer, without an unhandled rejection", async () => {
    const { url } = await serve(
      (_, response) => {
        Readable.from([body, body]).pipe(response);
      },
      () => Promise.reject(new SessionError("unavailable", "down")),
    );
    expect((await fetch(url)).status).toBe(503);
    const failed: unknown[] = [];
    const waiting = await serve(
      (_, response) => {
        response.write("a", (error) => failed.push(error));
      },
      () => Promise.reject(new SessionError("unavailable", "down")),
    );
    expect((await fetch(waiting.url)).status).toBe(503);
  });

  it("lets onError answer, at once or later, and answers when it does not or fails", async () => {
    const failing: Commit = () => Promise.reject(new SessionError("unavailable", "down"));
    const handler: Handler = (_, response) => response.end("hello");
    const answers: readonly (readonly [NonNullable<NodeSessionOptions["onError"]>, number, string])[] = [
      [(_error, _request, response) => response.writeHead(418).end("teapot"), 418, "teapot"],
      [
        async (_error, _request, response) => {
          await Promise.resolve();
          response.writeHead(418).end("later");
        },
        418,
        "later",
      ],
      [() => undefined, 503, "Service Unavailable\n"],
      [
        () => {
          throw new Error("in onError");
        },
        503,
        "Service Unavailable\n",
      ],
      [() => Promise.reject(new Error("in onError")), 503, "Service Unavailable\n"],
    ];
    for (const [onError, status, text] of answers) {
      const { url } = await serve(handler, failing, { onError });
      const response = await fetch(url);
      expect(response.status).toBe(status);
      expect(await response.text()).toBe(text);
    }
  });
});

describe("a handler that fails", () => {
  const warning = vi.spyOn(process, "emitWarning").mockReturnValue();
  const failures: readonly (readonly [what: string, handler: Handler, status: number])[] = [
    [
      "throws",
      () => {
        throw new Error("secret");
      },
      500,
    ],
    ["rejects", () => Promise.reject(new Error("secret")), 500],
    ["rejects with gone", () => Promise.reject(new SessionError("gone", "secret")), 409],
    ["rejects with unavailable", () => Promise.reject(new SessionError("unavailable", "secret")), 503],
    [
      "throws after writeHead",
      (_, response) => {
        response.writeHead(200, { "Content-Length": 4 });
        throw new Error("secret");
      },
      500,
    ],
    ["throws nothing in particular", () => Promise.reject(undefined), 500],
  ];
  it.each(failures)(
    "%s: is answered without details, and commits as a 5xx",
    async (_what, handler, status) => {
      const commit = vi.fn<Commit>(() => []);
      const { url } = await serve(handler, commit);
      const response = await fetch(url);
      expect(response.status).toBe(status);
      expect(await response.text()).not.toContain("secret");
      expect(commit.mock.calls.map(([, given]) => given.status)).toEqual([500]);
    },
  );

  it("leaves an answer that was complete alone, and cuts one that was not", async () => {
    for (const commit of [atOnce, later]) {
      const whole = await serve((_, response) => {
        response.end("whole");
        throw new Error("after the end");
      }, commit);
      expect(await (await fetch(whole.url)).text()).toBe("whole");
      const torn = await serve(async (_, response) => {
        response.write("torn");
        throw new Error("in the middle");
      }, commit);
      await expect(fetch(torn.url).then((response) => response.text())).rejects.toThrow();
    }
    expect(warning).toHaveBeenCalled();
  });

  it("answers 500 for a status that no response can have", async () => {
    for (const commit of [atOnce, later]) {
      const { url } = await serve((_, response) => {
        response.statusCode = 1;
        response.end();
      }, commit);
      expect((await fetch(url)).status).toBe(500);
      const head = await serve((_, response) => response.writeHead(1).end(), commit);
      expect((await fetch(head.url)).status).toBe(500);
    }
  });
});

describe("after the first byte", () => {
  vi.spyOn(process, "emitWarning").mockReturnValue();

  it("commits again at the end, and waits before it ends the body", async () => {
    const held = gate();
    const states: unknown[] = [];
    const { port } = await serve(
      (_, response) => {
        response.write("a");
        response.end("b");
      },
      (session, state) => {
        states.push(state);
        return state.headersSent === true ? held.commit(session, state) : COOKIE;
      },
    );
    const enough = (received: string): boolean => received.endsWith("\r\n0\r\n\r\n");
    const answer = exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", enough);
    await held.reached;
    const isOpen = await Promise.race([
      answer.then(() => false),
      new Promise<boolean>((resolve) => setImmediate(resolve, true)),
    ]);
    expect(isOpen).toBe(true);
    held.open([]);
    expect(enough(await answer)).toBe(true);
    expect(states).toEqual([
      { status: 200, headersSent: false, readOnly: false },
      { status: 200, headersSent: true, readOnly: false },
    ]);
  });

  it("commits once when the answer was sent in one piece", async () => {
    const commit = vi.fn<Commit>(() => COOKIE);
    const { url } = await serve((_, response) => response.end("whole"), commit);
    await fetch(url);
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it("reports what cannot be saved any more, and does not pass the body off as whole", async () => {
    for (const isLater of [false, true]) {
      const error = new SessionError("config", "A cookie is needed");
      const onError = vi.fn();
      const { url } = await serve(
        (_, response) => {
          response.write("a");
          response.end("b");
        },
        (_session, { headersSent }) => {
          if (headersSent !== true) return [];
          if (isLater) return Promise.reject(error);
          throw error;
        },
        { onError },
      );
      await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
      expect(onError).toHaveBeenCalledWith(error, expect.anything(), expect.anything());
    }
  });
});

describe("a client that goes away", () => {
  it("does no harm, whether before the commit or in the middle of a body", async () => {
    const held = gate();
    const ended = vi.fn();
    const { port, url } = await serve(
      (request, response) => {
        if (request.url === "/next") return response.end("alive");
        response.write("a", ended);
        return response.end(body, ended);
      },
      (session, state) => (state.status === 200 && held.commit(session, state)) || [],
    );
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await held.reached;
    socket.destroy();
    await once(socket, "close");
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    held.open();
    expect(await (await fetch(`${url}next`)).text()).toBe("alive");
  });
});

describe("loading", () => {
  it("comes first; when it fails the handler is not called", async () => {
    const handler = vi.fn<Handler>((_, response) => response.end("hello"));
    for (const isLater of [false, true]) {
      const error = new SessionError("unavailable", "down");
      const sessions: SessionsForAdapters<StandIn> = {
        name: "session",
        openNow: () => {
          if (isLater) return Promise.reject(error);
          throw error;
        },
        commitNow: () => COOKIE,
      };
      const { url } = await listen(nodeSession(sessions, handler));
      const response = await fetch(url);
      expect(response.status).toBe(503);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it("is left out for skipped requests", async () => {
    const openNow = vi.fn(() => ({ changed: false }));
    const commitNow = vi.fn<Commit>(() => COOKIE);
    const seen: (StandIn | undefined)[] = [];
    const { url } = await listen(
      nodeSession<StandIn>(
        { name: "session", openNow, commitNow },
        (_request, response, session) => {
          seen.push(session);
          response.end("static");
        },
        { skip: (request) => request.url === "/static" },
      ),
    );
    const response = await fetch(`${url}static`);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(seen).toEqual([undefined]);
    expect(openNow).not.toHaveBeenCalled();
    expect(commitNow).not.toHaveBeenCalled();
    await fetch(url);
    expect(seen).toEqual([undefined, { changed: false }]);
  });

  it("tells the commit which requests only read", async () => {
    const commit = vi.fn<Commit>(() => []);
    const { url } = await serve((_, response) => response.end(), commit, {
      readOnly: (request) => request.method === "HEAD",
    });
    await fetch(url, { method: "HEAD" });
    await fetch(url);
    expect(commit.mock.calls.map(([, state]) => state.readOnly)).toEqual([true, false]);
  });
});
