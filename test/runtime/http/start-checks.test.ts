import { describe, expect, it, vi } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { expressSession } from "../../../runtime/http/express.js";
import { fetchSession } from "../../../runtime/http/fetch.js";
import { honoSession } from "../../../runtime/http/hono.js";
import { koaSession } from "../../../runtime/http/koa.js";
import { sessionProxy } from "../../../runtime/http/next.js";
import { nodeSession } from "../../../runtime/http/node.js";
import {
  type CookieOptions,
  env,
  openSealedSessions,
  openSessions,
  type SessionsOptions,
} from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";

const config: unknown = expect.objectContaining({ code: "config" });
const key = randomText(32);

const start = (options: SessionsOptions, name: string = shopKind.name): unknown =>
  openSessions<ShopSession, object, object>({ ...shopKind, name }, options, () => createMemoryBackend());

describe("what is refused or said when sessions are made, before any request", () => {
  it.each<CookieOptions>([
    { name: "__Host-a", path: "/app" },
    { name: "__Host-a", domain: "shop.example" },
    { name: "__Secure-a", secure: false },
    { name: "__Http-a", httpOnly: false },
    { sameSite: "none", secure: false },
  ])("a cookie that browsers would drop: %j", (cookie) => {
    expect(() => start({ cookie })).toThrow(config);
  });

  it.each([["weak"], ["a".repeat(64)], [`${key},${key}`]])("weak and repeated keys (%#)", async (keys) => {
    const encrypted = { ...shopKind, encryption: { keys } };
    const place = () => createMemoryBackend();
    expect(() => openSessions<ShopSession, object, object>(encrypted, {}, place)).toThrow(config);
    const seal = (cookieName: string) => createCookieBackend({ keys, cookieName });
    expect(() => openSealedSessions(shopKind, {}, seal)).toThrow(config);
    // The environment is read by ready(), not before.
    vi.stubEnv("START_KEYS", keys);
    const late = openSealedSessions(shopKind, {}, (cookieName) =>
      createCookieBackend({ keys: env("START_KEYS"), cookieName }),
    );
    await expect(late.ready()).rejects.toEqual(config);
    vi.unstubAllEnvs();
  });

  it.each([{ sameSite: true }, { domain: null }, { path: ["/"] }, { name: 7 }, { priority: false }])(
    "what is no text, of which a variable that nobody named would be said to be missing: %j",
    (cookie) => {
      const [option] = Object.keys(cookie);
      const said = `cookie.${option} must be a text`;
      const options: object = { cookie };
      expect(() => start(options)).toThrow(
        expect.objectContaining({ code: "config", message: expect.stringContaining(said) }),
      );
    },
  );

  it.each([[undefined], [null], [[key, undefined]], [Buffer.from(key)]])(
    "keys that are no texts, as of a variable that is not set (%#)",
    (keys) => {
      const given: never = { keys } as never;
      expect(() => createCookieBackend(given)).toThrow(config);
    },
  );

  it.each([undefined, {}, { sessions: start({}) }])(
    "that an adapter is given no sessions, which each request would fail by (%#)",
    (wrong) => {
      const given = wrong as never;
      const said = expect.objectContaining({ message: expect.stringContaining("createSessions()") });
      for (const adapter of [expressSession, honoSession, koaSession, sessionProxy])
        expect(() => adapter(given)).toThrow(said);
      expect(() => fetchSession(given, () => new Response())).toThrow(said);
      expect(() => nodeSession(given, () => undefined)).toThrow(said);
    },
  );

  it("that Secure is withheld, once", () => {
    const warn = vi.fn();
    const options = { cookie: { secure: false }, logger: { warn } };
    // Said once a process of each name, and other files may have said it of "session".
    for (let time = 0; time < 3; time += 1) start(options, "plain");
    expect(warn.mock.calls).toEqual([[expect.stringContaining("over plain HTTP too")]]);
  });
});
