import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionBackend } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import { createBrowser, openRaw, settleDown } from "./adapter-client.js";
import { adapterRaces } from "./adapter-races.js";
import {
  type AdapterUnderTest,
  type Place,
  type Shop,
  type ShopRoute,
  type Start,
  startShop,
} from "./adapter-shop.js";

/** Makes a backend for one test, going by this clock (epoch milliseconds); `close` is called after it. */
export type MakeBackend = (clock: () => number) => Promise<SessionBackend>;

const NAME = "__Host-session";
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

const routes: Readonly<Record<string, ShopRoute>> = {
  "/plain": ({ reply }) => reply(200, "plain", { "Cache-Control": "public, max-age=60", Vary: "Accept" }),
  "/read": ({ session, reply }) =>
    reply(200, String(session.userId), { "Cache-Control": "public, max-age=60", Vary: "Accept" }),
  "/login": ({ session, reply }) => {
    session.userId = 42;
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
};

/** What every adapter must do, over real sockets; called once for each adapter and backend. */
export function testAdapter(adapter: AdapterUnderTest, backendName: string, makeBackend: MakeBackend): void {
  describe(`${adapter.name} on ${backendName}`, () => {
    let shop: Shop;
    let place: Place;

    beforeEach(async () => {
      vi.spyOn(process, "emitWarning").mockReturnValue();
      const clock = fakeClock();
      place = { backend: await makeBackend(clock), clock };
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
    sending(() => shop);
    failing(() => shop, start);
    lateChanges(() => shop, start);
    adapterRaces(() => shop, start);
  });
}

function djangoRules(shop: () => Shop): void {
  it("gives a cookie for data, and finds the data again", async () => {
    const browser = createBrowser(shop().url);
    const response = await browser.get("/login");
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^${NAME}=[\\w-]{43}; Max-Age=3600; ${ATTRIBUTES}$`)),
    ]);
    expect(await (await browser.get("/read")).text()).toBe("42");
  });

  it("writes nothing and sends no cookie to anonymous and bogus visitors", async () => {
    const key = "x".repeat(43);
    for (const cookie of [
      undefined,
      `${NAME}=`,
      `${NAME}=garbage`,
      `${NAME}=${key}`,
      `a=1; ${NAME}="${key}"`,
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
    const read = await browser.get("/read");
    expect(read.headers.get("vary")).toBe("Accept, Cookie");
    expect(read.headers.get("cache-control")).toBe('private, no-cache="Set-Cookie", max-age=60');
  });

  it("keeps the cookie of an emptied session, and takes that of a destroyed one", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    await browser.get("/empty");
    expect(browser.cookies.size).toBe(1);
    const response = await browser.get("/logout");
    expect(response.headers.getSetCookie()).toEqual([
      `${NAME}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${ATTRIBUTES}`,
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
    const [first, second] = [one.cookies.get(NAME), two.cookies.get(NAME)];
    const read = async (cookie: string): Promise<string> => {
      const response = await createBrowser(shop().url).get("/read", { headers: { cookie } });
      return response.text();
    };
    expect(await read(`${NAME}=garbage; ${NAME}=${first}`)).toBe("42");
    expect(await read(`${NAME}=${first}; ${NAME}=${first}`)).toBe("42");
    expect(await read(`${NAME}=${first}; ${NAME}=${second}`)).toBe("undefined");
  });
}

function sending(shop: () => Shop): void {
  const kinds: readonly (readonly [path: string, method: string, status: number, body: string])[] = [
    ["/theme", "GET", 200, "dark"],
    ["/theme", "HEAD", 200, ""],
    ["/stream", "GET", 200, "one two three"],
    ["/stream", "HEAD", 200, ""],
    ["/redirect", "GET", 302, ""],
    ["/no-content", "GET", 204, ""],
  ];

  it.each(kinds)("saves before the first byte leaves: %s by %s", async (path, method, status, body) => {
    let acknowledge = (): void => undefined;
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const waiting = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    shop().plan.create = () => {
      reach();
      return { wait: waiting };
    };
    const connection = await openRaw(
      shop().url,
      `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    await reached;
    await settleDown();
    expect(connection.received()).toBe("");
    acknowledge();
    const received = await connection.until((text) => text.includes("\r\n\r\n"));
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/^set-cookie: __Host-session=[\w-]{43};/im);
    const again = createBrowser(shop().url, [[NAME, /__Host-session=([\w-]+)/.exec(received)?.[1] ?? ""]]);
    const response = await again.get(path, { method });
    expect(response.status).toBe(status);
    if (status !== 302) expect(await response.text()).toBe(body);
  });

  it("serves one connection again and again, and pipelined requests in order", async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const connection = await openRaw(shop().url, get("/theme") + get("/plain") + get("/read"));
    const received = await connection.until((text) => text.endsWith("undefined"));
    expect(received.match(/(?<=\r\n\r\n)(?:dark|plain|undefined)/g)).toEqual(["dark", "plain", "undefined"]);
    expect(received.match(/^set-cookie: /gim)).toHaveLength(1);
    connection.socket.write(get("/theme"));
    await connection.until((text) => text.split("\r\n\r\ndark").length === 3);
    connection.socket.destroy();
  });

  it("takes no harm from clients that go away", async () => {
    let acknowledge = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    shop().plan.create = (call) => {
      reach();
      return call === 1 ? { wait: waiting } : "pass";
    };
    const connection = await openRaw(shop().url, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    await reached;
    connection.socket.destroy();
    await settleDown();
    acknowledge();
    await settleDown();
    expect(await (await createBrowser(shop().url).get("/theme")).text()).toBe("dark");
  });
}

function failing(shop: () => Shop, start: Start): void {
  it("answers 503 and calls no handler when the session cannot be loaded", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    shop().plan.load = "reject";
    const response = await browser.get("/read");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).not.toContain("42");
    shop().plan.load = "pass";
    expect(await (await browser.get("/read")).text()).toBe("42");
  });

  it.each(["/theme", "/stream", "/redirect", "/no-content"])(
    "answers 503 when it cannot be saved: %s",
    async (path) => {
      shop().plan.create = "reject";
      const response = await createBrowser(shop().url).get(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
      expect(response.headers.get("location")).toBeNull();
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toBe("Service Unavailable\n");
    },
  );

  it("removes the cookie with a 503 when a logout cannot be stored", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    Object.assign(shop().plan, { delete: "reject", save: "reject" });
    const response = await browser.get("/logout");
    expect(response.status).toBe(503);
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("Max-Age=0")]);
  });

  it("answers 409 to changes of a session that was deleted meanwhile", async () => {
    await start({
      "/late": async ({ session, reply }) => {
        await shop().sessions.delete(session.key ?? "");
        session.theme = "late";
        return reply(200, "late");
      },
    });
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    const key = browser.cookies.get(NAME) ?? "";
    expect((await browser.get("/late")).status).toBe(409);
    expect(await shop().sessions.exists(key)).toBe(false);
  });

  it("tells onError, and answers when that does not", async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown): unknown => errors.push(error);
    await start({}, { onError });
    shop().plan.create = "reject";
    expect((await createBrowser(shop().url).get("/theme")).status).toBe(503);
    expect(errors).toEqual([expect.objectContaining({ code: "unavailable" })]);
  });

  it("loads nothing for skipped requests, and writes nothing for those that only read", async () => {
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    await start({}, { skip: () => true });
    shop().plan.load = "reject";
    expect((await createBrowser(shop().url, browser.cookies).get("/plain")).status).toBe(200);
    await start({}, { readOnly: () => true });
    const reader = createBrowser(shop().url, browser.cookies);
    expect((await reader.get("/theme")).headers.getSetCookie()).toEqual([]);
    shop().clock.advance("30m");
    await reader.get("/read");
    expect(shop().takeWrites()).toBe(0);
  });
}

function lateChanges(shop: () => Shop, start: Start): void {
  const streamAndChange: ShopRoute = ({ session, stream }) =>
    stream(
      Readable.from(
        (async function* () {
          yield Buffer.from("first ");
          session.theme = "late";
          yield Buffer.from("last");
        })(),
      ),
    );

  it("saves at the end of a body what changed while it was sent", async () => {
    await start({ "/slow": streamAndChange });
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    expect(await (await browser.get("/slow")).text()).toBe("first last");
    const session = await shop().sessions.load(browser.cookies.get(NAME) ?? "");
    expect(session?.theme).toBe("late");
  });

  it("reports a change that would need a cookie, and does not pass the body off as whole", async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown): unknown => errors.push(error);
    await start({ "/slow": streamAndChange }, { onError });
    const answer = createBrowser(shop().url)
      .get("/slow")
      .then((response) => response.text());
    await expect(answer).rejects.toThrow();
    expect(errors).toEqual([expect.objectContaining({ code: "config" })]);
    expect(shop().takeWrites()).toBe(0);
  });
}
