import { once } from "node:events";
import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import { csrfToken } from "../../runtime/http/csrf.js";
import { type Browser, createBrowser } from "./adapter-client.js";
import { COOKIE_NAME, type Shop, type ShopOptions, type ShopRoute, type Start } from "./adapter-shop.js";

const routes: Readonly<Record<string, ShopRoute>> = {
  "/token": ({ session, reply }) => reply(200, csrfToken(session)),
  "/act": ({ session, reply }) => {
    session.visits += 1;
    return reply(200, "done");
  },
};

/** What a request is refused for, and what it may do, whatever a page of another site can make a browser send. */
export function adapterCsrf(shop: () => Shop, start: Start): void {
  describe("csrf", () => {
    let browser: Browser;
    let token: string;

    const open = async (options: ShopOptions): Promise<void> => {
      await start(routes, options);
      browser = createBrowser(shop().url);
      await browser.get("/login");
      token = await tokenOf(browser);
    };
    const act = (headers: OutgoingHttpHeaders, method = "POST", path = "/act"): Promise<number> =>
      send(new URL(path, shop().url), method, { cookie: cookieOf(browser), ...headers });
    const acted = async (): Promise<number | undefined> =>
      (await shop().sessions.load(browser.cookies.get(COOKIE_NAME) ?? ""))?.visits;

    beforeEach(() => open({ csrf: true }));

    it("lets reading pass, and refuses everything else that says nothing of where it comes from", async () => {
      expect([await act({}, "GET", "/read"), await act({}, "HEAD", "/read")]).toEqual([200, 200]);
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(await act({}, method)).toBe(403);
      expect(await acted()).toBe(0);
    });

    it("tells onError of a refusal, and answers when that does not", async () => {
      const errors: unknown[] = [];
      await open({ csrf: true, onError: (error) => errors.push(error) });
      expect([await act({}), await act({ "sec-fetch-site": "cross-site" })]).toEqual([403, 403]);
      expect(await act({ "sec-fetch-site": "same-origin" })).toBe(200);
      const forbidden: unknown = expect.objectContaining({ code: "forbidden", status: 403 });
      expect(errors).toEqual([forbidden, forbidden]);
      expect(await acted()).toBe(1);
    });

    it("refuses whatever the body is called", async () => {
      for (const type of [
        "text/plain",
        "application/json",
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded ; charset=utf-8",
        "multipart/form-data; boundary=x",
        "no/such",
      ]) {
        const status = await act({ "content-type": type, "content-length": 0 });
        // Fastify refuses by itself what it cannot parse.
        expect([400, 403, 415]).toContain(status);
      }
      expect(await acted()).toBe(0);
    });

    it("asks those that say nothing for a token of this session, each masked in its own way", async () => {
      const tokens = [token, await tokenOf(browser), await tokenOf(browser)];
      expect(new Set(tokens).size).toBe(3);
      for (const one of tokens) expect(await act({ "x-csrf-token": one })).toBe(200);
      const other = createBrowser(shop().url);
      await other.get("/login");
      for (const wrong of [
        await tokenOf(other),
        "",
        "x".repeat(43),
        token.slice(1),
        `${token}=`,
        `${token}, ${token}`,
      ])
        expect(await act({ "x-csrf-token": wrong })).toBe(403);
      expect(await acted()).toBe(3);
    });

    it("refuses a token with any character changed", async () => {
      for (let at = 0; at < token.length; at += 6) {
        const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
        expect(await act({ "x-csrf-token": changed })).toBe(403);
      }
      expect(await acted()).toBe(0);
    });

    it("believes what the browser says of a request's origin before any token", async () => {
      const own = new URL(shop().url).origin;
      const cases: readonly (readonly [headers: OutgoingHttpHeaders, status: number])[] = [
        [{ "sec-fetch-site": "same-origin" }, 200],
        [{ "sec-fetch-site": "none" }, 200],
        [{ "sec-fetch-site": "cross-site", "x-csrf-token": token }, 403],
        [{ "sec-fetch-site": "same-site", "x-csrf-token": token }, 403],
        [{ "sec-fetch-site": "same-origin, cross-site" }, 403],
        [{ "sec-fetch-site": "" }, 403],
        [{ origin: own }, 200],
        [{ origin: own.replace("http:", "https:") }, 200],
        [{ origin: "http://evil.example", "x-csrf-token": token }, 403],
        [{ origin: `${own}.evil.example` }, 403],
        [{ origin: own.replace("127.0.0.1", "127.0.0.1@evil.example") }, 403],
        [{ origin: "null" }, 403],
        [{ origin: "null", "x-csrf-token": token }, 200],
        [{ origin: "https://shop.example", "x-forwarded-host": "shop.example" }, 403],
      ];
      const answers: number[] = [];
      for (const [headers] of cases) answers.push(await act(headers));
      expect(answers).toEqual(cases.map(([, status]) => status));
    });

    it("is not passed by a method that hides another one", async () => {
      const evil = { "sec-fetch-site": "cross-site" };
      for (const path of ["/act?_method=DELETE", "/act?%5Fmethod=delete", "/act?a=1&_method[]=PUT"])
        expect(await act(evil, "GET", path)).toBe(403);
      for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
        expect(await act({ ...evil, [header]: "DELETE" }, "GET")).toBe(403);
        expect(await act({ ...evil, [header]: "GET" })).toBe(403);
      }
      expect(await act({ ...evil, "x-http-method": "get" }, "GET", "/read")).toBe(200);
      expect(await acted()).toBe(0);
    });

    it("believes a proxy, and other origins, that it was told of", async () => {
      await open({ csrf: { trustedOrigins: ["https://admin.example"] }, trustProxy: true });
      const proxied = { "x-forwarded-host": "shop.example", "x-forwarded-proto": "https" };
      expect(await act({ ...proxied, origin: "https://shop.example" })).toBe(200);
      expect(await act({ ...proxied, origin: "http://shop.example" })).toBe(403);
      expect(await act({ ...proxied, origin: "https://admin.example", "sec-fetch-site": "cross-site" })).toBe(
        200,
      );
      expect(await act({ ...proxied, origin: "https://admin.example.evil" })).toBe(403);
    });

    it("decides alike over every server, whatever a client or a chain of proxies sends of where it was reached", async () => {
      // The one who is asked, what the proxies say, the origin; and the answer where they are not trusted, and where they are.
      const cases: readonly (readonly [OutgoingHttpHeaders, untrusted: number, trusted: number])[] = [
        [{ "x-forwarded-host": "evil.example", origin: "https://shop.example" }, 200, 403],
        [{ "x-forwarded-host": "evil.example", origin: "http://evil.example" }, 403, 200],
        [
          {
            "x-forwarded-host": "shop.example, inner:8080",
            host: "inner:8080",
            origin: "https://shop.example",
          },
          403,
          200,
        ],
        [
          { "x-forwarded-host": ["shop.example", "inner"], host: "inner", origin: "https://shop.example" },
          403,
          200,
        ],
        [{ "x-forwarded-host": "SHOP.example:443", host: "inner", origin: "https://shop.example" }, 403, 200],
        [{ "x-forwarded-host": "shop.example@evil.example", origin: "https://evil.example" }, 403, 403],
        [{ "x-forwarded-host": "", origin: "https://shop.example" }, 200, 200],
        [{ "x-forwarded-host": "", origin: "https://evil.example" }, 403, 403],
        [{ "x-forwarded-proto": "https", origin: "http://shop.example" }, 200, 403],
        [{ "x-forwarded-proto": "HTTPS, http", origin: "http://shop.example" }, 200, 403],
        [{ "x-forwarded-proto": ["https", "http"], origin: "http://shop.example" }, 200, 403],
        [{ "x-forwarded-proto": "wss", origin: "http://shop.example" }, 200, 403],
        [{ "x-forwarded-proto": "http, https", origin: "http://shop.example" }, 200, 200],
        [{ "x-forwarded-proto": "", origin: "http://shop.example" }, 200, 200],
        [{ "x-forwarded-proto": "http", origin: "https://shop.example" }, 200, 200],
        [{ forwarded: "host=evil.example;proto=https", origin: "https://evil.example" }, 403, 403],
        [{ forwarded: "proto=https", origin: "http://shop.example" }, 200, 200],
      ];
      const answers: (readonly number[])[] = [];
      for (const trustProxy of [false, true]) {
        await open({ csrf: true, trustProxy });
        const some: number[] = [];
        for (const [headers] of cases) some.push(await act({ host: "shop.example", ...headers }));
        answers.push(some);
      }
      expect(answers).toEqual([
        cases.map(([, untrusted]) => untrusted),
        cases.map(([, , trusted]) => trusted),
      ]);
    });

    it("takes new secrets at login and logout, and keeps them when only time changes the key", async () => {
      await open({ csrf: true });
      const key = browser.cookies.get(COOKIE_NAME);
      for (const wait of ["40m", "40m"] as const) {
        shop().clock.advance(wait);
        await browser.get("/read");
      }
      expect(browser.cookies.get(COOKIE_NAME)).not.toBe(key);
      expect(await act({ "x-csrf-token": token })).toBe(200);
      await browser.get("/login-other");
      expect(await act({ "x-csrf-token": token })).toBe(403);
      const after = await tokenOf(browser);
      expect(await act({ "x-csrf-token": after })).toBe(200);
      await browser.get("/logout");
      expect(await act({ "x-csrf-token": after })).toBe(403);
    });

    it("keeps the tokens of requests that made the first one at once", async () => {
      await browser.get("/login-other");
      const tokens = await Promise.all(Array.from({ length: 5 }, () => tokenOf(browser)));
      for (const one of tokens) expect(await act({ "x-csrf-token": one })).toBe(200);
    });

    it("counts a guest's first token as data", async () => {
      const guest = createBrowser(shop().url);
      const one = await tokenOf(guest);
      expect(guest.cookies.size).toBe(1);
      browser = guest;
      expect(await act({ "x-csrf-token": one })).toBe(200);
    });
  });
}

async function tokenOf(browser: Browser): Promise<string> {
  const response = await browser.get("/token");
  return response.text();
}

function cookieOf({ cookies }: Browser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/** By hand, since `fetch` has an opinion of these headers. */
async function send(url: URL, method: string, headers: OutgoingHttpHeaders): Promise<number> {
  const sent = httpRequest(url, { method, headers: { "content-length": 0, ...headers }, agent: false }).end();
  const [response] = await once(sent, "response");
  await text(response);
  return Number(response.statusCode);
}
