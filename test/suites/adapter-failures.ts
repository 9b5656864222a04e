import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { createBrowser, settleDown } from "./adapter-client.js";
import { COOKIE_NAME, type Shop, type ShopRoute, type Start } from "./adapter-shop.js";
import { openPiped } from "./pipelined.js";

/** What the client is told when the session fails, and what may then be written. */
export function failing(shop: () => Shop, start: Start): void {
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

  it.each(["/theme", "/cacheable", "/stream", "/redirect", "/no-content"])(
    "answers 503 when it cannot be saved: %s",
    async (path) => {
      shop().plan.create = "reject";
      const response = await createBrowser(shop().url).get(path);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
      expect(response.headers.get("location")).toBeNull();
      expect(response.headers.get("cdn-cache-control")).toBeNull();
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toBe("Service Unavailable\n");
    },
  );

  it.each(["/read", "/theme", "/cacheable", "/stream"])(
    "says where the body of a 503 ends, so that the connection goes on: %s",
    async (path) => {
      const browser = createBrowser(shop().url);
      await browser.get("/login");
      Object.assign(shop().plan, { load: "reject", create: "reject", save: "reject" });
      const cookie = `${COOKIE_NAME}=${browser.cookies.get(COOKIE_NAME) ?? ""}`;
      const connection = openPiped(shop().url);
      const answers = await connection.ask([{ path, cookie }, { path }, { path: "/plain" }]);
      connection.kill();
      const [failed, , plain] = answers;
      expect([failed?.status, failed?.body, plain?.status]).toEqual([503, "Service Unavailable\n", 200]);
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
    const key = browser.cookies.get(COOKIE_NAME) ?? "";
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

  it.each(["skip", "readOnly"] as const)(
    "tells onError of the option %s that throws, and answers 500",
    async (option) => {
      const browser = createBrowser(shop().url);
      await browser.get("/login");
      const told: unknown[] = [];
      const fault = new Error("a secret");
      const options = {
        [option]: () => {
          throw fault;
        },
        onError: (error: unknown) => told.push(error),
      };
      await start({}, options);
      shop().takeWrites();
      const response = await createBrowser(shop().url, browser.cookies).get("/theme");
      expect([response.status, await response.text()]).toEqual([500, "Internal Server Error\n"]);
      expect([told, shop().takeWrites()]).toEqual([[fault], 0]);
    },
  );

  it.each([
    ["skip", Promise.resolve(true), "a promise"],
    ["skip", 1, "a number"],
    ["skip", [], "an object"],
    ["readOnly", Promise.resolve(false), "a promise"],
    ["readOnly", null, "null"],
  ] as const)(
    "tells onError of the option %s that answers %s, and answers 500",
    async (option, answer, given) => {
      const browser = createBrowser(shop().url);
      await browser.get("/login");
      const told: unknown[] = [];
      await start({}, { [option]: () => answer, onError: (error: unknown) => told.push(error) });
      shop().takeWrites();
      expect((await createBrowser(shop().url, browser.cookies).get("/theme")).status).toBe(500);
      const message = `The option ${option} must answer true or false at once, not ${given}.`;
      expect(told).toEqual([expect.objectContaining({ code: "config", message })]);
      expect(shop().takeWrites()).toBe(0);
    },
  );

  it("hears the promise of an option that is no answer: one that rejects ends no process", async () => {
    const unheard = vi.fn();
    process.on("unhandledRejection", unheard);
    await start({}, { skip: (() => Promise.reject(new Error("no skip"))) as never });
    expect((await createBrowser(shop().url).get("/theme")).status).toBe(500);
    await settleDown();
    process.off("unhandledRejection", unheard);
    expect(unheard).not.toHaveBeenCalled();
  });

  it("answers 503 for what the app began and did not wait for, and the process goes on", async () => {
    const unheard = vi.fn();
    process.on("unhandledRejection", unheard);
    await start({
      "/begin": ({ session, reply }) => {
        session.theme = "begun";
        void session.ensureKey();
        return reply(200, "begun");
      },
    });
    shop().plan.create = "reject";
    expect((await createBrowser(shop().url).get("/begin")).status).toBe(503);
    await settleDown();
    process.off("unhandledRejection", unheard);
    expect(unheard).not.toHaveBeenCalled();
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

/** Changes made while the body is being sent. */
export function lateChanges(shop: () => Shop, start: Start): void {
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
    const response = await browser.get("/slow");
    expect([response.headers.get("vary"), await response.text()]).toEqual([null, "first last"]);
    const session = await shop().sessions.load(browser.cookies.get(COOKIE_NAME) ?? "");
    expect(session?.theme).toBe("late");
  });

  it("refuses a new key that can no longer be sent, before the old one is gone", async () => {
    let begin = (): void => {};
    const hasBegun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await start({
      "/slow": ({ session, stream }) =>
        stream(
          Readable.from(
            (async function* () {
              yield Buffer.from("first ");
              await hasBegun;
              const acts = [session.cycleKey(), session.save()];
              const [cycled, saved] = await Promise.allSettled(acts);
              yield Buffer.from(
                `${cycled?.status === "rejected" ? cycled.reason.code : "cycled"} ${saved?.status}`,
              );
            })(),
          ),
        ),
    });
    const browser = createBrowser(shop().url);
    await browser.get("/login");
    const response = await browser.get("/slow");
    begin();
    expect(await response.text()).toBe("first config fulfilled");
    expect(await (await browser.get("/read")).text()).toBe("42");
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
