import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { readTokens, removeTokenHeaders, setTokenHeaders } from "../../../runtime/transport/cookie-chunks.js";
import { resolveCookiePolicy } from "../../../runtime/transport/cookie-policy.js";
import { type Browser, createBrowser } from "../../suites/adapter-client.js";
import type { Listening } from "../../suites/listen.js";
import {
  openRevocableShop,
  type SealedShop,
  type SealedShopOptions,
  serveShop,
} from "../../suites/sealed-shop.js";

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

interface Served extends SealedShop {
  readonly browser: Browser;
  readonly url: string;
}

async function serve(options: SealedShopOptions = {}): Promise<Served> {
  const shop = openRevocableShop(options);
  const server = await serveShop(shop.sessions);
  servers.push(server);
  return { ...shop, browser: createBrowser(server.url), url: server.url };
}

/** Of every chunk, or the one cookie, of a browser: the name. */
const namesOf = (cookies: Map<string, string>): readonly string[] => [...cookies.keys()].sort();
const text = (length: number): string => "x".repeat(length);

describe("a session that is too large for its cookie", () => {
  it("is refused before anything is sent, naming its largest fields and nothing of them", async () => {
    const { sessions } = openRevocableShop();
    const session = sessions.create({
      userId: 7,
      visits: 1,
      theme: text(4000),
      cart: [{ sku: "s".repeat(300), quantity: 1 }],
    });
    const failure: unknown = await sessions.commit(session).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "too-large",
      details: { limit: 4096, fields: ["theme", "cart", expect.any(String)] },
      message: expect.stringMatching(/theme \(40\d\d bytes\), cart \(3\d\d bytes\)/),
    });
    expect(JSON.stringify([failure, String(failure)])).not.toMatch(/xxxx|ssss/);
  });

  it("gets a 500 without a cookie, keeps the one it had, and says the reason to the app alone", async () => {
    const { browser } = await serve();
    await browser.get("/?userId=42");
    const before = [...browser.cookies];
    const response = await browser.get(`/?theme=${text(4000)}`);
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []]);
    expect(await response.text()).not.toContain("theme");
    expect([...browser.cookies]).toEqual(before);
    expect(await (await browser.get("/get")).json()).toMatchObject({ userId: 42 });
  });

  it("is refused at the very byte: what is let through measures 4096 with its attributes, or less", async () => {
    const { sessions, clock } = openRevocableShop();
    let longest = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (let length = 2500; length < 3100; length += 1) {
      const headers = await sessions.commit(sessions.create({ theme: text(length) })).catch(() => null);
      if (headers === null) shortest = Math.min(shortest, length);
      else longest = Math.max(longest, length);
      for (const [header, value] of headers ?? []) {
        if (header === "Set-Cookie") expect(value.length).toBeLessThanOrEqual(4096);
      }
    }
    expect([shortest, longest]).toEqual([longest + 1, expect.any(Number)]);
    // What fits once can be touched and change its id for ever: those must not fail a request that only reads.
    const session = sessions.create({ theme: text(longest) });
    await sessions.commit(session);
    let key = session.key ?? "";
    for (let time = 0; time < 30; time += 1) {
      clock.advance("25m");
      const loaded = await sessions.fromCookie(`__Host-session=${key}`);
      expect(loaded.theme).toHaveLength(longest);
      await sessions.commit(loaded);
      key = loaded.key ?? "";
    }
    expect(key).not.toBe(session.key);
  });
});

describe("a session in chunks", () => {
  const chunks = { cookie: { chunks: true } };
  const three = ["1", "2", "3"].map((index) => `__Host-session.${index}`);

  it("takes as many as it needs, at most three and 8 kB, and leaves none behind", async () => {
    const { browser, sessions } = await serve(chunks);
    await browser.get("/?userId=42");
    expect(namesOf(browser.cookies)).toEqual(["__Host-session"]);
    await browser.get(`/?theme=${text(3200)}`);
    expect(namesOf(browser.cookies)).toEqual(three.slice(0, 2));
    const response = await browser.get(`/?theme=${text(5600)}`);
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(4);
    for (const cookie of cookies) expect(cookie.length).toBeLessThanOrEqual(4096);
    const pairs = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    expect(pairs.length).toBeLessThanOrEqual(8192);
    expect(await (await browser.get("/get")).json()).toMatchObject({ userId: 42, theme: text(5600) });
    await expect(sessions.commit(sessions.create({ theme: text(6100) }))).rejects.toMatchObject({
      code: "too-large",
      details: { limit: 8192, fields: ["theme"] },
    });
    await browser.get("/?theme=x");
    expect(namesOf(browser.cookies)).toEqual(["__Host-session"]);
    await browser.get(`/?theme=${text(3200)}`);
    await browser.get("/logout");
    expect(browser.cookies.size).toBe(0);
  });

  it("never mixes two generations", async () => {
    const { browser, url } = await serve(chunks);
    await browser.get(`/?userId=1&theme=${text(3200)}`);
    const older = new Map(browser.cookies);
    await browser.get("/?userId=2");
    for (const name of three.slice(0, 2)) {
      const mixed = createBrowser(url, [...browser.cookies, [name, older.get(name) ?? ""]]);
      expect(await (await mixed.get("/get")).json()).toMatchObject({ isNew: true, visits: 0 });
      const cut = createBrowser(
        url,
        [...browser.cookies].filter(([other]) => other !== name),
      );
      expect(await (await cut.get("/get")).json()).toMatchObject({ isNew: true });
    }
  });

  const names = fc.constantFrom("__Host-session", "s", "a".repeat(200));
  const lengths = fc.integer({ min: 64, max: 9000 });
  const ages = fc.option(fc.integer({ min: 1, max: 40_000_000 }));

  it("come back as they were, whatever their length, name and attributes; else nothing is written", () => {
    const paths = fc.constantFrom("/", `/${"p".repeat(900)}`);
    fc.assert(
      fc.property(names, paths, lengths, ages, (name, path, length, age) => {
        const secure = name.startsWith("__") ? { path: "/" } : { path };
        const policy = resolveCookiePolicy({ name, ...secure, chunks: true }, "session");
        const value = Array.from({ length }, (_, at) => "abcdefghijklmnopqrstuvwxyz-_."[at % 29]).join("");
        let headers: readonly string[];
        try {
          headers = setTokenHeaders(policy, value, age);
        } catch (error) {
          expect(error).toMatchObject({ code: "too-large" });
          expect(length).toBeGreaterThan(6000);
          return;
        }
        expect(headers.every((header) => header.length <= 4096)).toBe(true);
        // Every name is either set or removed, whichever it was before.
        expect(headers).toHaveLength(4);
        const kept = headers.filter((header) => !header.includes("; Max-Age=0;"));
        const pairs = kept.map((header) => header.slice(0, header.indexOf(";")));
        expect(pairs.join("; ").length).toBeLessThanOrEqual(8192);
        expect(readTokens(pairs.reverse().join("; "), policy)).toEqual([value]);
        expect(
          removeTokenHeaders(policy)
            .map((header) => header.split("=")[0])
            .sort(),
        ).toEqual(headers.map((header) => header.split("=")[0]).sort());
      }),
      { numRuns: 300 },
    );
  });

  it("are read from any header without a failure", () => {
    const policy = resolveCookiePolicy({ chunks: true }, "session");
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[\w-]{8}\.[0-9]\.[\w.]*$/),
      fc.constant("aaaaaaaa.2.x"),
    );
    const pair = fc.tuple(fc.constantFrom("__Host-session", ...three), value).map((both) => both.join("="));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
        expect(readTokens(pairs.join("; "), policy).length).toBeLessThanOrEqual(50);
      }),
    );
  });
});
