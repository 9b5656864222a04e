import express from "express";
import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { csrfProtection } from "../../../runtime/http/csrf.js";
import { expressSession } from "../../../runtime/http/express.js";
import { listen } from "../../suites/listen.js";
import { openShop } from "../../suites/shop-kind.js";

it("csrfProtection lets pass what expressSession was told to skip, and nothing else", async () => {
  const sessions = openShop(createMemoryBackend());
  const app = express();
  app.set("env", "test");
  app.use(expressSession(sessions, { skip: ({ path }) => path === "/hook" }), csrfProtection(sessions));
  app.use((_request, response) => void response.send("fine"));
  const server = await listen(app);
  const status = async (path: string, method: string): Promise<number> =>
    (await fetch(server.url + path, { method })).status;
  expect(await status("/hook", "GET")).toBe(200);
  expect(await status("/hook", "POST")).toBe(200);
  expect(await status("/", "GET")).toBe(200);
  expect(await status("/", "POST")).toBe(403);
  await server.close();
});
