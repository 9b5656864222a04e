import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { Controller, Get, Module, Req, Res } from "@nestjs/common";
import { ExpressAdapter } from "@nestjs/platform-express";
import express, { type Request, type RequestHandler, type Response } from "express";
import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { useDictionaryMode } from "../../../runtime/http/express/dictionary-mode.js";
import { expressSession } from "../../../runtime/http/express.js";
import { SessionModule } from "../../../runtime/http/nest.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { type Listening, listen } from "../../suites/listen.js";
import { decorateMethod, startNest } from "../../suites/nest-adapters.js";
import { openShop } from "../../suites/shop-kind.js";

setFlagsFromString("--allow-natives-syntax");
const hasFastProperties: (object: object) => boolean = runInThisContext(
  "(object) => %HasFastProperties(object)",
);

const isFast = Number.parseInt(process.versions.v8, 10) >= 13;

const answer: RequestHandler = (request, response) =>
  void response.json([request, response].map(hasFastProperties));

const servers = {
  expressSession: () => {
    const app = express();
    app.use(expressSession(openShop(createMemoryBackend())));
    return listen(app.get("/", answer));
  },
  "Nest over Express": () => {
    class Answering {
      answer(request: Request, response: Response): void {
        answer(request, response, () => undefined);
      }
    }
    class App {}
    Controller()(Answering);
    decorateMethod(Answering, "answer", Get("/"), [Req(), Res()]);
    const sessions = SessionModule.forRoot({ sessions: openShop(createMemoryBackend()) });
    Module({ imports: [sessions], controllers: [Answering] })(App);
    return startNest(App, new ExpressAdapter());
  },
} satisfies Readonly<Record<string, () => Promise<Listening>>>;

it.each(Object.entries(servers))(
  "has a dictionary kept of what a request and its response have, where V8 gives each a hidden class: %s",
  async (_name, start) => {
    const server = await start();
    expect(await (await createBrowser(server.url).get("/")).json()).toEqual([isFast, isFast]);
    await server.close();
  },
);

it("leaves them the properties that they have, in their order", () => {
  const make = () => ({ a: 1, [Symbol.toStringTag]: "2", b: 3 });
  const [request, response] = [make(), make()];
  useDictionaryMode(request, response);
  for (const object of [request, response]) {
    expect(Reflect.ownKeys(object)).toEqual(Reflect.ownKeys(make()));
    expect(object).toEqual(make());
  }
});
