import "reflect-metadata";
import type { IncomingMessage } from "node:http";
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  Module,
  type NestInterceptor,
  Session as NestSession,
  Post,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import express from "express";
import { from, type Observable } from "rxjs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { csrfToken } from "../../../runtime/http/csrf.js";
import { expressSession } from "../../../runtime/http/express.js";
import {
  CurrentSession,
  getSessionsToken,
  InjectSessions,
  SessionModule,
  type SessionModuleOptions,
} from "../../../runtime/http/nest.js";
import { openSessions, type Sessions } from "../../../runtime/index.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../../suites/adapter-client.js";
import { decorateMethod, startNest } from "../../suites/nest-adapters.js";
import { openShop, ShopSession, shopKind } from "../../suites/shop-kind.js";

/** Another kind of session. */
class AdminSession extends ShopSession {}

class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    return sessions.of(request).userId !== undefined && request.session === sessions.of(request);
  }
}

/** Changes the session before and after the handler. */
class Visits implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    sessions.of(context.switchToHttp().getRequest()).visits += 1;
    return from(
      (async () => {
        await new Promise((resolve) => next.handle().subscribe({ complete: () => resolve(undefined) }));
        sessions.of(context.switchToHttp().getRequest()).visits += 10;
        return "counted";
      })(),
    );
  }
}

class ShopController {
  readonly #sessions: Sessions<ShopSession>;
  readonly #admins: Sessions<ShopSession>;
  constructor(own: Sessions<ShopSession>, admins: Sessions<ShopSession>) {
    this.#sessions = own;
    this.#admins = admins;
  }
  login(session: ShopSession, admin: AdminSession): string {
    session.userId = 42;
    admin.userId = 1;
    return [session, admin].map((one) => one.constructor.name).join(" ");
  }
  read(session: ShopSession, theirs: unknown): unknown {
    return { userId: session.userId, visits: session.visits, theme: session.theme, same: session === theirs };
  }
  refuse(session: ShopSession): never {
    session.theme = "refused";
    throw new HttpException("no", 422);
  }
  fail(session: ShopSession): never {
    session.theme = "failed";
    throw new Error("a secret");
  }
  async save(session: ShopSession): Promise<void> {
    session.theme = "saved";
    await session.save();
  }
  token(session: ShopSession): string {
    return csrfToken(session);
  }
  act(): string {
    return "done";
  }
  async injected(): Promise<unknown> {
    return [this.#sessions === sessions, this.#admins === admins];
  }
}

Controller()(ShopController);
InjectSessions()(ShopController, undefined, 0);
InjectSessions("adminSession")(ShopController, undefined, 1);
decorateMethod(ShopController, "login", Get("login"), [CurrentSession(), CurrentSession(AdminSession)]);
decorateMethod(ShopController, "read", Get("read"), [CurrentSession(), NestSession()]);
decorateMethod(ShopController, "read", UseGuards(SignedIn));
decorateMethod(ShopController, "refuse", Get("refuse"), [CurrentSession()]);
decorateMethod(ShopController, "fail", Get("fail"), [CurrentSession()]);
decorateMethod(ShopController, "save", Get("save"), [CurrentSession(ShopSession)]);
decorateMethod(ShopController, "token", Get("token"), [CurrentSession()]);
decorateMethod(ShopController, "act", Post("act"));
decorateMethod(ShopController, "act", UseInterceptors(Visits));
decorateMethod(ShopController, "injected", Get("injected"));
Injectable()(SignedIn);

let plan: FailingPlan;
let sessions: Sessions<ShopSession>;
let admins: Sessions<ShopSession>;
let server: Awaited<ReturnType<typeof startNest>>;
let browser: Browser;

const read = async (): Promise<unknown> => (await browser.get("/read")).json();

beforeEach(() => {
  plan = {};
  sessions = openShop(failingBackend(createMemoryBackend(), plan));
  const backend = createMemoryBackend();
  const adminKind = { ...shopKind, name: "adminSession", Session: AdminSession };
  admins = openSessions(adminKind, { backend }, () => backend);
});
afterEach(() => server.close());

describe.each([
  ["Express", () => new ExpressAdapter()],
  ["Fastify", () => new FastifyAdapter()],
] as const)("SessionModule over %s", (_name, createPlatform) => {
  const start = async (options: Omit<SessionModuleOptions, "sessions"> = {}): Promise<void> => {
    class ShopModule {}
    Module({
      imports: [
        SessionModule.forRoot({ sessions, ...options }),
        SessionModule.forRootAsync({
          name: "adminSession",
          inject: [getSessionsToken()],
          useFactory: (others: unknown) => {
            expect(others).toBe(sessions);
            return { sessions: admins };
          },
        }),
      ],
      controllers: [ShopController],
    })(ShopModule);
    server = await startNest(ShopModule, createPlatform());
    browser = createBrowser(server.url);
  };

  it("gives each kind to handlers, guards and providers", async () => {
    await start();
    expect((await browser.get("/read")).status).toBe(403);
    expect(await (await browser.get("/login")).text()).toBe("ShopSession AdminSession");
    expect([...browser.cookies.keys()].sort()).toEqual(["__Host-admin-session", "__Host-session"]);
    expect(await read()).toEqual({ userId: 42, visits: 0, same: true });
    expect(await (await browser.get("/injected")).json()).toEqual([true, true]);
  });

  it("stores what interceptors change, and what a handler changed that was refused, but not after a 5xx", async () => {
    await start();
    await browser.get("/login");
    expect(await (await browser.get("/act", { method: "POST" })).text()).toBe("counted");
    expect((await browser.get("/refuse")).status).toBe(422);
    expect(await read()).toEqual({ userId: 42, visits: 11, theme: "refused", same: true });
    const failed = await browser.get("/fail");
    expect([failed.status, failed.headers.getSetCookie()]).toEqual([500, []]);
    expect(await failed.text()).not.toContain("secret");
    expect(await read()).toMatchObject({ theme: "refused" });
  });

  it("answers what a handler's own save() rejects with by its status, without details", async () => {
    await start();
    await browser.get("/login");
    plan.save = "reject";
    const response = await browser.get("/save");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await response.json()).toEqual({ statusCode: 503, message: "Service Unavailable" });
  });

  it("finds a token in a form", async () => {
    await start({ csrf: true });
    const token = await (await browser.get("/token")).text();
    const post = async (fields: Readonly<Record<string, string>>, site?: string): Promise<number> => {
      const headers = site === undefined ? {} : { "sec-fetch-site": site };
      return (await browser.get("/act", { method: "POST", body: new URLSearchParams(fields), headers }))
        .status;
    };
    expect([await post({ _csrf: token }), await post({}), await post({ _csrf: "x".repeat(43) })]).toEqual([
      201, 403, 403,
    ]);
  });

  it("closes the sessions when the app has shut down", async () => {
    const closed = [sessions, admins].map((one) => vi.spyOn(one, "close"));
    await start();
    await server.close();
    for (const close of closed) expect(close).toHaveBeenCalledTimes(1);
  });
});

it("checks where a request comes from when another middleware has opened the session", async () => {
  const app = express();
  app.use(expressSession(sessions, { callbacks: true }));
  class ShopModule {}
  const skip = ({ headers }: IncomingMessage): boolean => headers["x-webhook"] === "yes";
  Module({
    imports: [
      SessionModule.forRoot({ sessions, csrf: true, skip }),
      SessionModule.forRoot({ sessions: admins }),
    ],
    controllers: [ShopController],
  })(ShopModule);
  server = await startNest(ShopModule, new ExpressAdapter(app));
  browser = createBrowser(server.url);
  const post = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await browser.get("/act", { method: "POST", headers })).status;
  const token = await (await browser.get("/token")).text();
  expect([
    await post({ "sec-fetch-site": "cross-site" }),
    await post({}),
    await post({ "x-csrf-token": token }),
    await post({ "x-webhook": "yes" }),
  ]).toEqual([403, 403, 201, 201]);
});
