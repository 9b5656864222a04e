import "reflect-metadata";
import type { IncomingMessage, ServerResponse } from "node:http";
import { All, Controller, Module, Req, Res, StreamableFile } from "@nestjs/common";
import { HttpAdapterHost, NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { SessionModule } from "../../runtime/http/nest.js";
import type { AdapterUnderTest, ShopExchange } from "./adapter-shop.js";
import type { Listening } from "./listen.js";

/** Nest over Express, as the adapter suite starts it. */
export const nestExpressAdapter: AdapterUnderTest = overNest(
  "nest over express",
  "*path",
  () => new ExpressAdapter(),
);

/** Nest over Fastify, as the adapter suite starts it. */
export const nestFastifyAdapter: AdapterUnderTest = overNest(
  "nest over fastify",
  "*",
  () => new FastifyAdapter(),
);

/** Something that Nest can serve from. */
type Platform = ExpressAdapter | FastifyAdapter;

/** Applies decorators, which the compiler of these tests does not know, to a method and its parameters. */
export function decorateMethod(
  { prototype }: { readonly prototype: object },
  name: string,
  method: MethodDecorator,
  parameters: readonly ParameterDecorator[] = [],
): void {
  parameters.forEach((decorate, index) => {
    decorate(prototype, name, index);
  });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (descriptor !== undefined) method(prototype, name, descriptor);
}

/** Starts an app of Nest on a free port of this machine. */
export async function startNest(root: new () => object, platform: Platform): Promise<Listening> {
  const app = await NestFactory.create(root, platform, { logger: false, forceCloseConnections: true });
  await app.listen(0, "127.0.0.1");
  return { url: await app.getUrl(), close: () => app.close() };
}

function overNest(name: string, every: string, createPlatform: () => Platform): AdapterUnderTest {
  return {
    name,
    start: (sessions, route, options) => {
      const platform = createPlatform();
      class ShopController {
        readonly #host: HttpAdapterHost;
        constructor(host: HttpAdapterHost) {
          this.#host = host;
        }
        answer(request: IncomingMessage, response: ServerResponse): unknown {
          const { httpAdapter } = this.#host;
          const path = httpAdapter.getRequestUrl(request);
          return route(path)({
            session: options.skip === undefined ? sessions.of(request) : sessions.create(),
            ...replies(httpAdapter, response),
          });
        }
      }
      Reflect.defineMetadata("design:paramtypes", [HttpAdapterHost], ShopController);
      Controller()(ShopController);
      decorateMethod(ShopController, "answer", All(every), [Req(), Res()]);
      class ShopModule {}
      Module({
        imports: [SessionModule.forRoot({ sessions, ...options })],
        controllers: [ShopController],
      })(ShopModule);
      return startNest(ShopModule, platform);
    },
  };
}

type Replies = Omit<ShopExchange, "session">;

/** The part of Nest's adapter of a platform that a handler needs. */
type Replying = Pick<HttpAdapterHost["httpAdapter"], "setHeader" | "reply" | "redirect">;

function replies(adapter: Replying, response: ServerResponse): Replies {
  return {
    reply: (status, body, headers = {}) => {
      for (const [name, value] of Object.entries(headers)) adapter.setHeader(response, name, value);
      return adapter.reply(response, body, status);
    },
    stream: (body) => adapter.reply(response, new StreamableFile(body), 200),
    redirect: (location) => adapter.redirect(response, 302, location),
  };
}
