import { expect } from "vitest";
import type { DjangoCase } from "./dictionary-cases.js";
import { keyOf } from "./world.js";

const attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";

/** `SessionMiddleware`, and the settings `SESSION_*`. */
export const middlewareCases: readonly DjangoCase[] = [
  [
    "Vary: Cookie when the session was read",
    async ({ visit, browser, vary }) => {
      const { response } = await visit(browser(), (session) => session.theme);
      expect(vary(response)).toBe("Cookie");
    },
  ],
  [
    "no Vary when it was not",
    async ({ visit, browser, vary }) => {
      const { response } = await visit(browser(), () => undefined);
      expect(vary(response)).toBeNull();
    },
  ],
  [
    "a Vary that is there is kept",
    async ({ visit, browser, vary }) => {
      const headers = { Vary: "Accept" };
      const { response } = await visit(browser(), (session) => session.theme, { headers });
      expect(vary(response)).toBe("Accept, Cookie");
    },
  ],
  [
    "what used a session is not for shared caches",
    async ({ visit, browser }) => {
      const { response } = await visit(browser(), (session) => session.theme);
      expect(response.headers.get("cache-control")).toContain("private");
    },
  ],
  [
    "a visitor without data gets no cookie, and costs no write",
    async ({ visit, browser, shop }) => {
      shop.takeWrites();
      const { response } = await visit(browser(), (session) => [session.theme, session.keys()]);
      expect([response.headers.getSetCookie(), shop.takeWrites()]).toEqual([[], 0]);
    },
  ],
  [
    "a change sets the cookie, with its attributes and its age",
    async ({ visit, browser }) => {
      const { response } = await visit(browser(), (session) => session.set("theme", "dark"));
      const cookie = new RegExp(`^__Host-session=[\\w-]{43}; Max-Age=3600; ${attributes}$`);
      expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(cookie)]);
    },
  ],
  [
    "reading alone sets none",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const { response } = await visit(person, (session) => session.theme);
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  ],
  [
    "each change sends the cookie again",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const { response } = await visit(person, (session) => session.set("theme", "light"));
      expect(response.headers.getSetCookie()).toHaveLength(1);
    },
  ],
  ...([500, 503] as const).map(
    (status): DjangoCase => [
      `a response of ${status} saves nothing, and sets no cookie`,
      async ({ visit, browser, shop }) => {
        shop.takeWrites();
        const { response } = await visit(browser(), (session) => session.set("theme", "x"), { status });
        expect([response.status, response.headers.getSetCookie(), shop.takeWrites()]).toEqual([
          status,
          [],
          0,
        ]);
      },
    ],
  ),
  ...([400, 404, 403] as const).map(
    (status): DjangoCase => [
      `a response of ${status} saves as any other`,
      async ({ visit, browser }) => {
        const { response } = await visit(browser(), (session) => session.set("theme", "x"), { status });
        expect([response.status, response.headers.getSetCookie().length]).toEqual([status, 1]);
      },
    ],
  ),
  [
    "a view that raises saves nothing",
    async ({ send, browser, shop }) => {
      shop.takeWrites();
      const response = await send(browser(), ({ session }) => {
        session.theme = "x";
        throw new Error("a secret");
      });
      expect([response.status, response.headers.getSetCookie(), shop.takeWrites()]).toEqual([500, [], 0]);
    },
  ],
  [
    "a redirect saves before it leaves",
    async ({ send, visit, browser }) => {
      const person = browser();
      const response = await send(person, ({ session, redirect }) => {
        session.theme = "moved";
        return redirect("/elsewhere");
      });
      expect(response.status).toBe(302);
      expect((await visit(person, (session) => session.theme)).value).toBe("moved");
    },
  ],
  [
    "an explicit save() counts whatever the status",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(
        person,
        async (session) => {
          session.theme = "saved";
          await session.save();
        },
        { status: 500 },
      );
      expect((await visit(person, (session) => session.theme)).value).toBe("saved");
    },
  ],
  [
    "a flushed session takes the cookie back, with the same attributes",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const { response } = await visit(person, (session) => session.flush());
      expect(response.headers.getSetCookie()).toEqual([
        `__Host-session=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes}`,
      ]);
    },
  ],
  [
    "a logout that ends in a 500 takes it back too",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      await visit(person, (session) => session.flush(), { status: 500 });
      expect(person.cookies.size).toBe(0);
    },
  ],
  [
    "no cookie is taken back that was not there",
    async ({ visit, browser }) => {
      const { response } = await visit(browser(), (session) => session.flush());
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  ],
  [
    "an unknown cookie is left alone while nothing is done",
    async ({ visit, browser, vary }) => {
      const { response } = await visit(browser([["__Host-session", "x".repeat(43)]]), () => undefined);
      expect([response.headers.getSetCookie(), vary(response)]).toEqual([[], null]);
    },
  ],
  [
    "an emptied session keeps its cookie, where Django takes it: clear() is no logout",
    async ({ visit, browser }) => {
      const person = browser();
      await visit(person, (session) => session.set("theme", "dark"));
      const key = keyOf(person);
      await visit(person, (session) => session.clear());
      expect(keyOf(person)).toBe(key);
    },
  ],
  [
    "a session that is deleted while a request changes it: that fails, and nothing comes back",
    async (world) => {
      const person = world.browser();
      await world.visit(person, (session) => session.set("theme", "dark"));
      const key = keyOf(person);
      const { response } = await world.visit(person, async (session) => {
        session.theme = "late";
        await world.shop.sessions.delete(key);
      });
      expect([response.status, await world.shop.sessions.exists(key)]).toEqual([409, false]);
    },
  ],
  [
    "SESSION_SAVE_EVERY_REQUEST: marked as modified, each request saves and sends the cookie",
    async (world) => {
      const person = world.browser();
      await world.visit(person, (session) => session.set("theme", "dark"));
      world.shop.takeWrites();
      const { response } = await world.visit(person, (session) => session.markModified());
      expect([world.shop.takeWrites(), response.headers.getSetCookie().length]).toEqual([1, 1]);
    },
  ],
  [
    "SESSION_SAVE_EVERY_REQUEST gives a visitor without data none all the same",
    async ({ visit, browser }) => {
      const { response } = await visit(browser(), (session) => session.markModified());
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  ],
  [
    "SESSION_COOKIE_NAME, _PATH, _DOMAIN, _SECURE, _HTTPONLY, _SAMESITE say what is sent",
    async ({ configured }) => {
      const cookie = {
        name: "id",
        path: "/app",
        domain: "example.com",
        secure: false,
        httpOnly: false,
        sameSite: "strict",
      } as const;
      const other = await configured({ cookie, logger: { warn: () => undefined } });
      const person = other.browser();
      const { response } = await other.visit(person, (session) => session.set("theme", "dark"));
      expect(response.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^id=[\w-]{43}; Max-Age=3600; Path=\/app; Domain=example\.com; SameSite=Strict$/,
        ),
      ]);
      const { response: end } = await other.visit(person, (session) => session.flush());
      expect(end.headers.getSetCookie()).toEqual([
        "id=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; Domain=example.com; SameSite=Strict",
      ]);
    },
  ],
  [
    "SESSION_COOKIE_AGE is the age of cookie and record",
    async ({ configured, clock }) => {
      const other = await configured({ expiry: { idle: "10m" } });
      const person = other.browser();
      const { response } = await other.visit(person, (session) => session.set("theme", "dark"));
      expect(response.headers.getSetCookie()).toEqual([expect.stringContaining("; Max-Age=600;")]);
      clock.advance("11m");
      expect((await other.visit(person, (session) => session.has("theme"))).value).toBe(false);
    },
  ],
];
