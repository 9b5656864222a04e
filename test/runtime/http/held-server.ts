import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import type { HeaderList, SessionsForAdapters } from "../../../runtime/http/exchange.js";
import { type NodeSessionOptions, nodeSession } from "../../../runtime/http/node.js";

/** Stands in for a session: what is committed is said by the test. */
export interface StandIn {
  changed: boolean;
}

export type Commit = SessionsForAdapters<StandIn>["commitNow"];

export const COOKIE: HeaderList = [["Set-Cookie", "session=k"]];

export type Handler = (request: IncomingMessage, response: ServerResponse, session: StandIn) => unknown;

export async function listen(
  listener: RequestListener,
): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(listener);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}/`, port: address.port, server };
}

export function serve(
  handler: Handler,
  commitNow: Commit,
  options?: NodeSessionOptions,
): ReturnType<typeof listen> {
  const sessions: SessionsForAdapters<StandIn> = {
    name: "session",
    slot: Symbol("session"),
    openNow: () => ({ changed: false }),
    commitNow,
  };
  return listen(nodeSession(sessions, handler, options as NodeSessionOptions & { skip?: never }));
}

/** A commit that waits until the test lets it go on. */
export function gate(): {
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
export async function exchangeRaw(
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

export const later: Commit = () => Promise.resolve(COOKIE);
export const atOnce: Commit = () => COOKIE;
export const body = "x".repeat(200_000);
