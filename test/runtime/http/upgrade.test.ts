import { once } from "node:events";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { SessionError, type Sessions } from "../../../runtime/index.js";
import { createTestSession, type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { openRaw } from "../../suites/adapter-client.js";
import { openShop, type ShopSession } from "../../suites/shop-kind.js";

const upgrade = (cookie: string): string =>
  `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\nCookie: ${cookie}\r\n\r\n`;

it("knows who opens a WebSocket by the cookie of its handshake, and notices later that the session has ended", async () => {
  const plan: FailingPlan = {};
  const sessions = openShop(failingBackend(createMemoryBackend(), plan));
  const { session, cookie } = await createTestSession(sessions, { userId: 42 });
  const server = createServer().listen(0, "127.0.0.1");
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => socket.destroy());
    const { cookie: header } = request.headers;
    chat(sessions, header, socket).catch(() => socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
  });
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  const stranger = await openRaw(url, upgrade("a=1"));
  await stranger.until((text) => text.startsWith("HTTP/1.1 401 "));
  plan.load = "reject";
  const unlucky = await openRaw(url, upgrade(cookie));
  await unlucky.until((text) => text.startsWith("HTTP/1.1 503 "));
  plan.load = "pass";
  const connection = await openRaw(url, upgrade(cookie));
  await connection.until((text) => text.includes("\r\n\r\n"));
  connection.socket.write("hi");
  await connection.until((text) => text.endsWith("42 says hi"));
  await sessions.delete(session.key ?? "");
  connection.socket.write("hi again");
  await connection.until((text) => text.endsWith("signed out"));
  expect(connection.received().match(/ 101 | says /g)).toEqual([" 101 ", " says "]);
  server.close();
});

async function chat(
  sessions: Sessions<ShopSession>,
  cookieHeader: string | undefined,
  socket: Duplex,
): Promise<void> {
  const session = await sessions.fromCookie(cookieHeader);
  if (session.userId === undefined) {
    socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    return;
  }
  socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n");
  socket.on("data", async (message) => {
    try {
      await session.reload();
      socket.write(`${session.userId} says ${message}`);
    } catch (error) {
      socket.end(error instanceof SessionError && error.code === "gone" ? "signed out" : "try again");
    }
  });
}
