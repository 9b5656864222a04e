import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { migrateShop, openShop } from "./shop-process.js";

const folder = await mkdtemp(join(tmpdir(), "session-gen-stop-"));
afterAll(() => rm(folder, { recursive: true }));

async function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  await once(response.resume(), "end");
  return response;
}

test("a shop that is to stop ends, though somebody goes on asking on one connection", {
  timeout: 60_000,
}, async () => {
  const database = join(folder, "shop.sqlite");
  await migrateShop(database);
  const shop = await openShop(database);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const slow = request(shop.origin, {
    agent,
    method: "POST",
    headers: { "Content-Length": 2, Origin: shop.origin },
  });
  const first = answerTo(slow);
  slow.write("a");
  await once(slow, "socket");
  const isRefused = async () => {
    const { status } = await fetch(shop.origin).catch(() => ({ status: "refused" }));
    return status === "refused";
  };
  await fetch(shop.origin);
  const stopped = shop.stop();
  await vi.waitUntil(isRefused, { timeout: 20_000 });
  slow.end("b");
  expect((await first).headers.connection).toBe("keep-alive");
  const second = await answerTo(request(shop.origin, { agent }).end());
  expect(second.headers.connection).toBe("close");
  expect(await stopped).toBe(0);
  agent.destroy();
});
