import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";

/** A server that counts the lines it got, and answers each with the count. */
let received = 0;
const server = createServer((socket) => {
  socket.on("error", () => {}).on("data", () => socket.write(String(++received)));
});
let serverPort: number;
let proxy: TcpProxy;

beforeEach(async () => {
  received = 0;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  serverPort = typeof address === "object" ? (address?.port ?? 0) : 0;
  proxy = await startTcpProxy(serverPort);
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  await once(socket, "connect");
  return socket.on("error", () => {});
}

/** The answer to a line, or `"cut"`. */
async function ask(socket: Socket, line = "line"): Promise<string> {
  socket.write(line);
  const [first] = await Promise.race([once(socket, "data"), once(socket, "close").then(() => ["cut"])]);
  return String(first);
}

test("carries requests and answers", async () => {
  const socket = await open();
  expect([await ask(socket), await ask(socket)]).toEqual(["1", "2"]);
  expect(proxy.urlOf(`redis://127.0.0.1:${serverPort}/0`)).toBe(`redis://127.0.0.1:${proxy.port}/0`);
});

test("loses the answers to the next requests that match, after the server had them", async () => {
  const left = proxy.loseAnswers(2, (request) => request.includes("write"));
  const [one, other] = [await open(), await open()];
  expect([await ask(one, "read"), await ask(one, "write"), received, left()]).toEqual(["1", "cut", 2, 1]);
  expect([await ask(other, "write"), received, left()]).toEqual(["cut", 3, 0]);
  expect(await ask(await open(), "write")).toBe("4");
});

test("is silent on a connection", async () => {
  const socket = await open();
  proxy.treat(() => "silence");
  let heard = 0;
  socket.on("data", () => {
    heard += 1;
  });
  socket.write("line");
  await expect.poll(() => received).toBe(1);
  proxy.treat(() => "pass");
  socket.write("line");
  expect([await ask(await open()), received, heard, socket.destroyed]).toEqual(["2", 2, 0, false]);
});

test("holds answers back", async () => {
  proxy.treat(() => 50);
  const start = performance.now();
  expect(await ask(await open())).toBe("1");
  expect(performance.now() - start).toBeGreaterThan(45);
});

test("cuts, refuses and accepts again", async () => {
  const socket = await open();
  const cut = once(socket, "close");
  proxy.cut();
  await cut;
  await proxy.refuse(true);
  await expect(open()).rejects.toThrow("ECONNREFUSED");
  await proxy.refuse(false);
  expect(await ask(await open())).toBe("1");
});
