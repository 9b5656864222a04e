import { createHmac } from "node:crypto";
import session from "express-session";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fromExpressSession } from "../../../runtime/http/adopt.js";
import { getSession, type NextCookie, type NextCookies, sessionProxy } from "../../../runtime/http/next.js";
import type { Sessions } from "../../../runtime/index.js";
import { type FailingPlan, failingBackend, fakeClock } from "../../../runtime/testing/index.js";
import { settleDown } from "../../suites/adapter-client.js";
import { openShop, type ShopSession } from "../../suites/shop-kind.js";

const NAME = "__Host-session";

/** What `await cookies()` gives, as far as it matters here; the real one is in `test/packages/next.test.ts`. */
class Jar implements NextCookies {
  readonly sent: NextCookie[] = [];
  isSealed = false;
  readonly #held: readonly { readonly name: string; readonly value: string }[];
  constructor(...values: readonly (string | null)[]) {
    this.#held = values.map((value) => ({ name: NAME, value: value ?? "" }));
  }
  getAll(): readonly { readonly name: string; readonly value: string }[] {
    return this.#held;
  }
  set(cookie: NextCookie): void {
    if (this.isSealed) throw new Error("Cookies can only be modified in a Server Action or Route Handler.");
    this.sent.push({ ...cookie });
  }
}

let plan: FailingPlan;
let clock: ReturnType<typeof fakeClock>;
let sessions: Sessions<ShopSession>;

beforeEach(() => {
  plan = {};
  clock = fakeClock(Date.now());
  sessions = openShop(failingBackend(createMemoryBackend({ clock }), plan), { clock });
});

const signIn = async (): Promise<string> => {
  const session = sessions.create({ userId: 42 });
  await session.save();
  return session.key ?? "";
};

describe("getSession", () => {
  it("gives one session to all of a request, and its cookie when it is saved", async () => {
    const jar = new Jar();
    const [session, same] = await Promise.all([getSession(sessions, jar), getSession(sessions, jar)]);
    expect(session === same).toBe(true);
    session.userId = 42;
    await session.save();
    expect(jar.sent).toEqual([
      {
        name: NAME,
        value: session.key,
        maxAge: 3600,
        path: "/",
        httpOnly: true,
        secure: true,
        sameSite: "lax",
      },
    ]);
    const next = await getSession(sessions, new Jar(session.key));
    expect([next.userId, next === session]).toEqual([42, false]);
  });

  it("changes the key in the save that signs in, and takes the cookie back at the end", async () => {
    const key = await signIn();
    const jar = new Jar(key);
    const session = await getSession(sessions, jar);
    session.userId = 43;
    await session.save();
    await session.cycleKey();
    await session.flush();
    expect(jar.sent.map(({ value, maxAge }) => [value.length, maxAge])).toEqual([
      [43, 3600],
      [43, 3600],
      [0, 0],
    ]);
    expect(jar.sent[2]?.expires?.getTime()).toBe(0);
    expect(
      await Promise.all([key, ...jar.sent.map(({ value }) => value)].map((one) => sessions.exists(one))),
    ).toEqual([false, false, false, false]);
  });

  it("takes back the cookie of a session that was begun and ended in one action", async () => {
    const jar = new Jar();
    const session = await getSession(sessions, jar);
    await session.ensureKey();
    await session.destroy();
    expect(jar.sent.map(({ maxAge }) => maxAge)).toEqual([3600, 0]);
  });

  it.each(["save", "cycleKey", "destroy", "flush", "touch"] as const)(
    "writes nothing where Next lets no cookie be set: %s",
    async (act) => {
      const key = await signIn();
      const jar = new Jar(key);
      jar.isSealed = true;
      const session = await getSession(sessions, jar);
      session.theme = "dark";
      plan.save = plan.touch = plan.delete = plan.create = "reject";
      await expect(session[act]()).rejects.toMatchObject({ code: "unsupported" });
      expect(await session.ensureKey()).toBe(key);
      const guest = await getSession(sessions, Object.assign(new Jar(), { isSealed: true }));
      await expect(guest.ensureKey()).rejects.toMatchObject({ code: "unsupported" });
      expect([session.theme, jar.sent]).toEqual(["dark", []]);
      expect((await sessions.load(key))?.theme).toBeUndefined();
    },
  );

  it("takes the cookie back although the logout cannot be stored", async () => {
    const jar = new Jar(await signIn());
    const session = await getSession(sessions, jar);
    plan.save = plan.delete = "reject";
    await expect(session.destroy()).rejects.toMatchObject({ code: "unavailable" });
    expect(jar.sent).toEqual([expect.objectContaining({ name: NAME, value: "", maxAge: 0 })]);
  });

  it.each(["save", "cycleKey", "destroy", "flush", "touch", "ensureKey", "reload"] as const)(
    "ends no process, and warns, when nobody waits for what fails: %s",
    async (act) => {
      const unheard = vi.fn();
      process.on("unhandledRejection", unheard);
      const warning = vi.spyOn(process, "emitWarning").mockReturnValue();
      const signedIn = await getSession(sessions, new Jar(await signIn()));
      const sealed = await getSession(sessions, Object.assign(new Jar(), { isSealed: true }));
      for (const method of ["load", "create", "save", "touch", "delete"] as const) plan[method] = "reject";
      for (const session of [signedIn, sealed]) void session[act]();
      await settleDown();
      process.off("unhandledRejection", unheard);
      expect([unheard.mock.calls, warning.mock.calls.length > 0]).toEqual([[], act !== "reload"]);
      warning.mockRestore();
    },
  );

  it("lets no other cookie pass for that of the session", async () => {
    const key = await signIn();
    const jar = new Jar("garbage");
    const held = [
      { name: "a", value: `b; ${NAME}=${key}` },
      { name: `b; ${NAME}`, value: key },
    ];
    const session = await getSession(sessions, Object.assign(jar, { getAll: () => held }));
    expect(session.userId).toBeUndefined();
  });

  it("can be asked again after a failure", async () => {
    const jar = new Jar(await signIn());
    plan.load = "reject";
    await expect(getSession(sessions, jar)).rejects.toMatchObject({ code: "unavailable" });
    plan.load = "pass";
    expect((await getSession(sessions, jar)).userId).toBe(42);
  });
});

describe("sessionProxy", () => {
  const ask = (cookie?: string): Promise<Response> =>
    sessionProxy(sessions)(
      new Request("http://shop.example/", { headers: { ...(cookie && { cookie }), "x-a": "1" } }),
    );

  it("adds nothing to requests without a session, or with a fresh one", async () => {
    const fresh = `${NAME}=${await signIn()}`;
    for (const cookie of [undefined, "a=1", `${NAME}=${"x".repeat(43)}`, fresh])
      expect([...(await ask(cookie)).headers]).toEqual([["x-middleware-next", "1"]]);
  });

  it("moves the expiry when that is due, with the cookie", async () => {
    const key = await signIn();
    clock.advance("6m");
    const { headers } = await ask(`a=1; ${NAME}=${key}`);
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(`^${NAME}=${key}; Max-Age=3600;`)]);
    clock.advance("59m");
    expect(await sessions.exists(key)).toBe(true);
  });

  it("renews the key when that is due, and lets the request go on with the new one", async () => {
    const key = await signIn();
    for (const wait of ["40m", "40m"] as const) {
      clock.advance(wait);
      await sessions.load(key).then((session) => session?.touch());
    }
    const { headers } = await ask(`a=1; ${NAME}=${key}; b=2`);
    const renewed =
      headers
        .getSetCookie()[0]
        ?.slice(NAME.length + 1)
        .split(";", 1)[0] ?? "";
    expect(renewed).not.toBe(key);
    expect(headers.get("x-middleware-next")).toBe("1");
    expect(headers.get("x-middleware-override-headers")?.split(",").sort()).toEqual(["cookie", "x-a"]);
    expect(headers.get("x-middleware-request-cookie")).toBe(`a=1; b=2; ${NAME}=${renewed}`);
    expect(headers.get("x-middleware-request-x-a")).toBe("1");
    expect((await sessions.load(renewed))?.userId).toBe(42);
  });

  it("answers 503 when the session cannot be loaded, and 403 to what comes from elsewhere", async () => {
    const cookie = `${NAME}=${await signIn()}`;
    const guarded = sessionProxy(sessions, { csrf: true });
    const headers = { cookie, "sec-fetch-site": "cross-site" };
    const foreign = await guarded(new Request("http://shop.example/", { method: "POST", headers }));
    expect([foreign.status, foreign.headers.has("x-middleware-next")]).toEqual([403, false]);
    plan.load = "reject";
    const response = await ask(cookie);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(response.headers.has("x-middleware-next")).toBe(false);
  });

  it("adopts a session of express-session, which the rest of the request sees", async () => {
    const store = new session.MemoryStore();
    const cookie = { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000), path: "/" };
    store.set("old", { cookie, userId: 42 } as never);
    const signature = createHmac("sha256", "secret").update("old").digest("base64").replace(/=+$/, "");
    const adopting = sessionProxy(sessions, { adopt: fromExpressSession({ store, secret: "secret" }) });
    const headers = { cookie: `connect.sid=${encodeURIComponent(`s:old.${signature}`)}` };
    const response = await adopting(new Request("http://shop.example/", { headers }));
    const given = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    expect(response.headers.get("x-middleware-request-cookie")).toContain(given);
    expect((await sessions.fromCookie(given)).userId).toBe(42);
  });

  it("refuses tenants of sessions that know none", () => {
    expect(() => sessionProxy(sessions, { tenant: () => "a" })).toThrow("needs tenancy");
  });
});
