import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it, vi } from "vitest";
import { atOnce, body, exchangeRaw, gate, type Handler, later, serve } from "./held-server.js";

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

  it.each([
    ["a list", ["X-A", "1", "Set-Cookie", "own=1", "set-cookie", "two=2"]],
    ["a list whose values are lists", ["Set-Cookie", ["own=1", "two=2"], "X-A", 1]],
    [
      "a list of pairs",
      [
        ["X-A", "1"],
        ["Set-Cookie", ["own=1", "two=2"]],
      ],
    ],
    ["an object", { "X-A": 1, "Set-Cookie": ["own=1", "two=2"] }],
  ])("keeps what the app gave writeHead, and what it set before: %s", async (_what, given) => {
    const handler: Handler = (_, response) => {
      response.setHeader("Set-Cookie", "first=1");
      response.setHeader("X-Before", "1");
      expect(() => response.writeHead(200, ["X-A"])).toThrow(
        expect.objectContaining({ code: "ERR_INVALID_ARG_VALUE" }),
      );
      Reflect.apply(response.writeHead, response, [200, "Fine", given]);
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
