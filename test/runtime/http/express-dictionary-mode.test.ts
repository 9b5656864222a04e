import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import express from "express";
import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { useDictionaryMode } from "../../../runtime/http/express/dictionary-mode.js";
import { expressSession } from "../../../runtime/http/express.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { listen } from "../../suites/listen.js";
import { openShop } from "../../suites/shop-kind.js";

setFlagsFromString("--allow-natives-syntax");
const hasFastProperties: (object: object) => boolean = runInThisContext(
  "(object) => %HasFastProperties(object)",
);

it("has a dictionary kept of what a request and its response have, where V8 gives each a hidden class of its own", async () => {
  const app = express();
  app.use(expressSession(openShop(createMemoryBackend())));
  app.get("/", (request, response) => void response.json([request, response].map(hasFastProperties)));
  const server = await listen(app);
  const isFast = Number.parseInt(process.versions.v8, 10) >= 13;
  expect(await (await createBrowser(server.url).get("/")).json()).toEqual([isFast, isFast]);
  await server.close();
});

it("leaves an object the properties that it has, in their order", () => {
  const [object, same] = [
    { a: 1, [Symbol.toStringTag]: "2", b: 3 },
    { a: 1, [Symbol.toStringTag]: "2", b: 3 },
  ];
  useDictionaryMode(object);
  expect(Reflect.ownKeys(object)).toEqual(Reflect.ownKeys(same));
  expect(object).toEqual(same);
});
