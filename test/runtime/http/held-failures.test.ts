import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { NodeSessionOptions } from "../../../runtime/http/node.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import { atOnce, body, type Commit, type Handler, later, serve } from "./held-server.js";

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
      [
        (_error, _request, response) => process.nextTick(() => response.writeHead(418).end("rendered")),
        418,
        "rendered",
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

describe("an answer by onError", () => {
  const failing: Commit = () => Promise.reject(new SessionError("unavailable", "down"));
  const handler: Handler = (_, response) =>
    response.writeHead(200, { "Content-Type": "image/png" }).end("image");

  it("has the type that it says, or none; the standard one is plain text", async () => {
    const types: (string | null)[] = [];
    const answers: readonly NodeSessionOptions[] = [
      {
        onError: (_error, _request, response) => {
          expect(response.hasHeader("content-type")).toBe(false);
          response.end("something");
        },
      },
      {
        onError: (_error, _request, response) => response.setHeader("Content-Type", "text/html").end("<p>"),
      },
      { onError: () => undefined },
      {},
    ];
    for (const options of answers) {
      const { url } = await serve(handler, failing, options);
      types.push((await fetch(url)).headers.get("content-type"));
    }
    expect(types).toEqual([null, "text/html", ...Array(2).fill("text/plain; charset=utf-8")]);
  });

  it("that comes too late is dropped, and throws nothing where nobody would catch it", async () => {
    const late: unknown[] = [];
    const { url } = await serve(handler, failing, {
      onError: (_error, _request, response) => {
        response.on("finish", () => {
          response.setHeader("Content-Type", "text/html");
          response.writeHead(503).write("late", (error) => late.push(error));
          response.end("later");
          late.push(response.headersSent);
        });
      },
    });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([503, "Service Unavailable\n"]);
    await vi.waitFor(() =>
      expect(late).toEqual([true, expect.objectContaining({ code: "ERR_STREAM_DESTROYED" })]),
    );
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
