import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { nodeSession } from "../../../runtime/http/node.js";
import type { SessionSeal } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { type FakeClock, fakeClock } from "../../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../../suites/adapter-client.js";
import { type Listening, listen } from "../../suites/listen.js";
import { openRevocableShop, serveShop } from "../../suites/sealed-shop.js";

type Make = (keys: readonly string[], cookieName: string) => SessionSeal;

const seals: readonly (readonly [string, Make])[] = [
  ["cookie", (keys, cookieName) => createCookieBackend({ keys, cookieName })],
  ["jwt", (keys, cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName })],
];

const servers: Listening[] = [];
let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
  vi.spyOn(process, "emitWarning").mockReturnValue();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  vi.restoreAllMocks();
});

describe.each(seals)("the keys of sessions in a %s", (_what, make) => {
  const [old, next] = [randomText(32), randomText(32)];

  /** The same browser at a server that was deployed with these keys. */
  async function deploy(keys: readonly string[], browser?: Browser): Promise<Browser> {
    const createSeal = (cookieName: string): SessionSeal => make(keys, cookieName);
    const server = await serveShop(openRevocableShop({ clock, createSeal }).sessions);
    servers.push(server);
    return createBrowser(server.url, browser?.cookies);
  }
  const read = async (browser: Browser): Promise<unknown> => (await (await browser.get("/get")).json()).theme;

  it("take turns without a logout, forwards and back", async () => {
    const before = await deploy([old]);
    await before.get("/login?theme=dark");
    const appended = await deploy([old, next], before);
    expect(await read(appended)).toBe("dark");
    const moved = await deploy([next, old], appended);
    expect(await read(moved)).toBe("dark");
    await moved.get("/login?theme=light");
    expect(await read(await deploy([old, next], moved))).toBe("light");
    expect(await read(await deploy([next], moved))).toBe("light");
  });

  it("take a session along that is only read: its touch is sealed with the first", async () => {
    const before = await deploy([old]);
    await before.get("/login?theme=dark");
    const moved = await deploy([next, old], before);
    clock.advance("6m");
    expect(await read(moved)).toBe("dark");
    expect(await read(await deploy([next], moved))).toBe("dark");
  });

  it("open nothing once they are retired, which is no error and sets no cookie", async () => {
    const before = await deploy([old]);
    await before.get("/login?theme=dark");
    const retired = await deploy([next], before);
    const answer = await retired.get("/get");
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    expect(await answer.json()).toMatchObject({ isNew: true, handle: null });
  });

  it("cannot help a change after the first byte: the response is cut, and what the client has stays good", async () => {
    const { sessions } = openRevocableShop({ clock, createSeal: (cookieName) => make([old], cookieName) });
    const late = await listen(
      nodeSession(sessions, (_request, response, session) => {
        response.write("the first byte");
        session.theme = "late";
        response.end();
      }),
    );
    servers.push(late);
    const browser = await deploy([old]);
    await browser.get("/login?theme=dark");
    const answer = createBrowser(late.url, browser.cookies).get("/get");
    await expect(answer.then((response) => response.text())).rejects.toThrow(TypeError);
    expect(await read(browser)).toBe("dark");
  });
});
