import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionBackend } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { createBrowser } from "./adapter-client.js";
import { adapterCsrf } from "./adapter-csrf.js";
import { failing, lateChanges } from "./adapter-failures.js";
import { lookups } from "./adapter-lookups.js";
import { adapterRaces } from "./adapter-races.js";
import { sending } from "./adapter-sending.js";
import {
  type AdapterUnderTest,
  COOKIE_NAME,
  type Place,
  type Shop,
  type ShopRoute,
  type Start,
  startShop,
} from "./adapter-shop.js";
import { unheard } from "./adapter-unheard.js";
import { isNightly } from "./faults/scale.js";
import { type OpenShop, openShop } from "./shop-kind.js";

/** Makes a backend for one test, going by this clock (epoch milliseconds); `close` is called after it. */
export type MakeBackend = (clock: () => number) => Promise<SessionBackend>;

const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

const cacheable = {
  "Cache-Control": "public, max-age=60",
  "CDN-Cache-Control": "max-age=600",
  Vary: "Accept",
};

const routes: Readonly<Record<string, ShopRoute>> = {
  "/plain": ({ reply }) => reply(200, "plain", cacheable),
  "/read": ({ session, reply }) => reply(200, String(session.userId), cacheable),
  "/login": ({ session, reply }) => {
    session.userId = 42;
    return reply(200, "hello");
  },
  "/login-other": ({ session, reply }) => {
    session.userId = 43;
    return reply(200, "hello");
  },
  "/theme": ({ session, reply }) => {
    session.theme = "dark";
    return reply(200, "dark");
  },
  "/empty": ({ session, reply }) => {
    session.clear();
    return reply(200, "emptied");
  },
  "/logout": async ({ session, reply }) => {
    await session.destroy();
    return reply(200, "bye");
  },
  "/broken": ({ session, reply }) => {
    session.theme = "broken";
    return reply(500, "broken");
  },
  "/broken-logout": async ({ session, reply }) => {
    await session.destroy();
    return reply(500, "broken");
  },
  "/throws": ({ session }) => {
    session.theme = "thrown";
    throw new Error("a secret");
  },
  "/rejects": async ({ session }) => {
    session.theme = "thrown";
    await Promise.reject(new Error("a secret"));
  },
  "/stream": ({ session, stream }) => {
    session.theme = "streamed";
    return stream(Readable.from(["one ", "two ", "three"].map((text) => Buffer.from(text))));
  },
  "/redirect": ({ session, redirect }) => {
    session.theme = "redirected";
    return redirect("/read");
  },
  "/no-content": ({ session, reply }) => {
    session.theme = "silent";
    return reply(204, "");
  },
  "/not-modified": ({ session, reply }) => {
    session.theme = "silent";
    return reply(304, "");
  },
  "/cacheable": ({ session, reply }) => {
    session.theme = "cacheable";
    return reply(200, "cacheable", cacheable);
  },
  "/own-cookie": ({ session, reply }) => {
    session.theme = "own";
    return reply(200, "own", { "Set-Cookie": "own=1; Path=/" });
  },
};

/** What is tried of an adapter, and how much. */
export interface AdapterTrial {
  /** The sessions of the shop, where they are not just those of its kind. */
  readonly open?: OpenShop;
  /** How many logouts are raced: 40, and 1,000 nightly, unless it says. */
  readonly rounds?: number;
}

/** What every adapter must do, over real sockets; called once for each adapter and backend. */
export function testAdapter(
  adapter: AdapterUnderTest,
  backendName: string,
  makeBackend: MakeBackend,
  { open = openShop, rounds = isNightly ? 1000 : 40 }: AdapterTrial = {},
): void {
  describe(`${adapter.name} on ${backendName}`, () => {
    let shop: Shop;
    let place: Place;

    beforeEach(async () => {
      vi.spyOn(process, "emitWarning").mockReturnValue();
      // A server deletes by its own clock what is over.
      const clock = fakeClock(Date.now());
      place = { backend: await makeBackend(clock), clock, open };
      shop = await startShop(adapter, place, routes);
    });
    afterEach(async () => {
      await shop.close();
      await place.backend.close?.();
      vi.restoreAllMocks();
    });

    const start: Start = async (more, options) => {
      await shop.close();
      shop = await startShop(adapter, place, { ...routes, ...more }, options);
      return shop;
    };

    djangoRules(() => shop);
    lookups(() => shop);
    sending(() => shop);
    failing(() => shop, start);
    lateChanges(() => shop, start);
    unheard(() => shop, start);
    adapterCsrf(() => shop, start);
    adapterRaces(() => shop, start, rounds);
  });
}

function djangoRules(shop: () => Shop): void {
  it("gives a cookie for data, and finds the data again", async () => {
    const browser = createBrowser(shop().url);
    const response = await browser.get("/login");
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^${COOKIE_NAME}=[\\w-]{43}; Max-Age=3600; ${ATTRIBUTES}$`)),
    ]);
    expect(await (await browser.get("/read")).text()).toBe("42");
  });

  it("writes nothing and sends no cookie to anonymous and bogus visitors", async () => {
    const key = "x".repeat(43);
    for (const cookie of [
      undefined,
      `${COOKIE_NAME}=`,
      `${COOKIE_NAME}=garbage`,
      `${COOKIE_NAME}=${key}`,
      `a=1; ${COOKIE_NAME}="${key}"`,
    ]) {
      for (const path of ["/plain", "/read", "/empty", "/no-route"]) {
        const response = await createBrowser(shop().url).get(
          path,
          cookie === undefined ? {} : { headers: { cookie } },
        );
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    }
    expect(shop().takeWrites()).toBe(0);
  });

  it("writes nothing for visits that only read, until touchAfter has passed", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    shop().takeWrites();
    for (let visit = 0; visit < 5; visit += 1) {
      const response = await browser.get("/read");
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(shop().takeWrites()).toBe(0);
    shop().clock.advance("6m");
    await browser.get("/read");
    expect(shop().takeWrites()).toBe(1);
  });

  it("marks what used the session as private, and leaves the rest alone", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    const plain = await browser.get("/plain");
    expect(plain.headers.get("vary")).toBe("Accept");
    expect(plain.headers.get("cache-control")).toBe("public, max-age=60");
    expect(plain.headers.get("cdn-cache-control")).toBe("max-age=600");
    const read = await browser.get("/read");
    expect(read.headers.get("vary")).toBe("Accept, Cookie");
    expect(read.headers.get("cache-control")).toBe('private, no-cache="Set-Cookie", max-age=60');
    expect(read.headers.get("cdn-cache-control")).toBeNull();
  });

  it("keeps the cookie of an emptied session, and takes that of a destroyed one", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    await browser.get("/empty");
    expect(browser.cookies.size).toBe(1);
    const response = await browser.get("/logout");
    expect(response.headers.getSetCookie()).toEqual([
      `${COOKIE_NAME}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${ATTRIBUTES}`,
    ]);
    expect(await (await browser.get("/read")).text()).toBe("undefined");
  });

  it("neither saves nor sets a cookie for a 5xx, but removes the cookie of what was destroyed", async () => {
    for (const path of ["/broken", "/throws", "/rejects"]) {
      const browser = createBrowser(shop().url);
      const response = await browser.get(path);
      expect(response.status).toBe(500);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(shop().takeWrites()).toBe(0);
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    expect((await browser.get("/broken-logout")).headers.getSetCookie()).toEqual([
      expect.stringContaining("Max-Age=0"),
    ]);
  });

  it("skips garbage among several cookies of its name, and refuses two that are valid", async () => {
    const [one, two] = [createBrowser(shop().url), createBrowser(shop().url)];
    await one.get("/login");
    await two.get("/login");
    const [first, second] = [one.cookies.get(COOKIE_NAME), two.cookies.get(COOKIE_NAME)];
    const read = async (cookie: string): Promise<string> => {
      const response = await createBrowser(shop().url).get("/read", { headers: { cookie } });
      return response.text();
    };
    expect(await read(`${COOKIE_NAME}=garbage; ${COOKIE_NAME}=${first}`)).toBe("42");
    expect(await read(`${COOKIE_NAME}=${first}; ${COOKIE_NAME}=${first}`)).toBe("42");
    expect(await read(`${COOKIE_NAME}=${first}; ${COOKIE_NAME}=${second}`)).toBe("undefined");
  });
}
