import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import type { SessionsForAdapters } from "../../../runtime/http/exchange.js";
import { nodeSession } from "../../../runtime/http/node.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import {
  body,
  COOKIE,
  type Commit,
  exchangeRaw,
  gate,
  type Handler,
  listen,
  type StandIn,
  serve,
} from "./held-server.js";

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
        slot: Symbol("session"),
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
        { name: "session", slot: Symbol("session"), openNow, commitNow },
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
