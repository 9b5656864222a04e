import "reflect-metadata";
import { Controller, Get, type INestApplication, Module, type ModuleMetadata } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressSession } from "../../../runtime/http/express.js";
import { CurrentSession, SessionModule, type SessionModuleOptions } from "../../../runtime/http/nest.js";
import { Sessions } from "../../../runtime/index.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { decorateMethod } from "../../suites/nest-adapters.js";
import { openShop, ShopSession } from "../../suites/shop-kind.js";

class ShopController {
  async login(session: ShopSession): Promise<string> {
    session.userId = 42;
    // As Passport calls it, where the app turned callbacks on.
    const regenerate: unknown = Reflect.get(session, "regenerate");
    return typeof regenerate;
  }
  read(session: ShopSession | undefined): string {
    return String(session?.userId);
  }
}
Controller()(ShopController);
decorateMethod(ShopController, "login", Get("login"), [CurrentSession()]);
decorateMethod(ShopController, "read", Get(), [CurrentSession(ShopSession)]);

let sessions: Sessions<ShopSession>;
let app: INestApplication | undefined;

beforeEach(() => {
  sessions = openShop(createMemoryBackend());
});
afterEach(() => app?.close());

const create = async (...imports: NonNullable<ModuleMetadata["imports"]>): Promise<INestApplication> => {
  class ShopModule {}
  Module({ imports, controllers: [ShopController] })(ShopModule);
  const platform = new ExpressAdapter();
  app = await NestFactory.create(ShopModule, platform, { logger: false, abortOnError: false });
  return app;
};
const visit = async (one: INestApplication, path: string): Promise<readonly unknown[]> => {
  if ((await one.getUrl().catch(() => undefined)) === undefined) await one.listen(0, "127.0.0.1");
  const response = await createBrowser(await one.getUrl()).get(path);
  return [response.status, await response.text(), response.headers.getSetCookie().length];
};

describe("SessionModule", () => {
  it("takes its options from a class, made for it or there already", async () => {
    class Factory {
      createSessionOptions(): SessionModuleOptions {
        return { sessions };
      }
    }
    const made = await create(SessionModule.forRootAsync({ useClass: Factory }));
    expect((await made.init()).get(Sessions)).toBe(sessions);
    await made.close();
    class Factories {}
    Module({ providers: [Factory], exports: [Factory] })(Factories);
    const existing = await create(SessionModule.forRootAsync({ imports: [Factories], useExisting: Factory }));
    expect((await existing.init()).get(Sessions)).toBe(sessions);
  });

  it("says what is wrong when the app starts", async () => {
    expect(() => SessionModule.forRootAsync({})).toThrow("useFactory, useClass or useExisting");
    const admins = Object.assign(openShop(createMemoryBackend()), { name: "adminSession" });
    const wrongName = SessionModule.forRootAsync({ useFactory: () => ({ sessions: admins }) });
    await expect(create(wrongName)).rejects.toThrow('say name: "adminSession"');
    const noTenants = await create(SessionModule.forRoot({ sessions, tenant: () => "a" }));
    await expect(noTenants.init()).rejects.toThrow("needs tenancy");
  });

  it("sees every route of an app, under a prefix and at its root", async () => {
    const prefixed = await create(SessionModule.forRoot({ sessions }));
    prefixed.setGlobalPrefix("api");
    expect(await visit(prefixed, "/api/login")).toEqual([200, "undefined", 1]);
    expect(await visit(prefixed, "/api")).toEqual([200, "undefined", 0]);
  });

  it("gives no session to requests that are skipped, and says so where there is no module", async () => {
    const skipping = await create(SessionModule.forRoot({ sessions, skip: () => true }));
    expect(await visit(skipping, "/")).toEqual([200, "undefined", 0]);
    await skipping.close();
    expect((await visit(await create(), "/"))[0]).toBe(500);
  });

  it("uses the session that another middleware has opened", async () => {
    const passport = await create(SessionModule.forRoot({ sessions }));
    passport.use(expressSession(sessions, { callbacks: true }));
    expect(await visit(passport, "/login")).toEqual([200, "function", 1]);
  });
});

describe("CurrentSession", () => {
  it("does not compile for a parameter of another type", () => {
    interface Handlers {
      fine(session: ShopSession, maybe: ShopSession | undefined, part: { readonly visits: number }): void;
      wrong(session: string, other: ShopSession & { readonly more: string }): void;
    }
    const target: Handlers = { fine: () => undefined, wrong: () => undefined };
    const decorate = CurrentSession(ShopSession);
    decorate(target, "fine", 0);
    decorate(target, "fine", 1);
    decorate(target, "fine", 2);
    // @ts-expect-error: a session is no text.
    decorate(target, "wrong", 0);
    // @ts-expect-error: nor one with more than it has.
    decorate(target, "wrong", 1);
    expect(target).toBeDefined();
  });
});
