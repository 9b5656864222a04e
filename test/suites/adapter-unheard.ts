import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BackendMethod } from "../../runtime/testing/index.js";
import { type Browser, createBrowser, openRaw, settleDown } from "./adapter-client.js";
import { COOKIE_NAME, type Shop, type ShopRoute, type Start } from "./adapter-shop.js";

const acts = ["save", "reload", "touch", "cycleKey", "ensureKey", "destroy"] as const;

const methods: readonly BackendMethod[] = ["load", "create", "save", "touch", "delete"];

/** Each begins something, waits for nothing, and answers. */
const routes: Readonly<Record<string, ShopRoute>> = Object.fromEntries(
  acts.flatMap(
    (act) =>
      [
        [
          `/${act}`,
          ({ session, reply }) => {
            session.theme = act;
            void session[act]();
            return reply(200, act);
          },
        ],
        [
          `/${act}-streamed`,
          ({ session, stream }) => {
            void session[act]();
            return stream(
              Readable.from(
                (async function* () {
                  yield Buffer.from("first ");
                  void session[act]();
                  await settleDown();
                  yield Buffer.from("last");
                })(),
              ),
            );
          },
        ],
      ] satisfies [string, ShopRoute][],
  ),
);

/** A promise that nobody waits for, and that rejects, ends a process: there is none, whoever fails and whoever goes away. */
export function unheard(shop: () => Shop, start: Start): void {
  describe("what nobody waits for", () => {
    const rejection = vi.fn();

    beforeEach(async () => {
      rejection.mockReset();
      process.on("unhandledRejection", rejection);
      await start(routes);
    });
    afterEach(async () => {
      await settleDown();
      process.off("unhandledRejection", rejection);
      expect(rejection.mock.calls).toEqual([]);
    });

    const fail = (failure: "pass" | "reject" | "lose-answer", from: number): void => {
      for (const method of methods) shop().plan[method] = (call) => (call < from ? "pass" : failure);
    };

    /** Its answer may be a failure, or be cut. */
    const ask = (browser: Browser, path: string): Promise<unknown> =>
      browser
        .get(path)
        .then((response) => response.text())
        .catch(() => undefined);

    it.each(["reject", "lose-answer"] as const)("may fail at every call: %s", async (failure) => {
      for (const path of Object.keys(routes)) {
        fail("pass", 0);
        const browser = createBrowser(shop().url);
        await browser.get("/save");
        for (const one of [browser, createBrowser(shop().url)]) {
          fail(failure, 0);
          await ask(one, path);
          shop().plan.load = "pass";
          await ask(one, path);
        }
      }
    });

    it("may fail when its client has gone away", async () => {
      for (const path of Object.keys(routes)) {
        fail("pass", 0);
        const browser = createBrowser(shop().url);
        await browser.get("/save");
        let acknowledge = (): void => undefined;
        const waiting = new Promise<void>((_resolve, reject) => {
          acknowledge = () => reject(new Error("gone wrong"));
        });
        waiting.catch(() => undefined);
        for (const method of methods.slice(1)) shop().plan[method] = { wait: waiting };
        const cookie = `Cookie: ${COOKIE_NAME}=${browser.cookies.get(COOKIE_NAME)}`;
        const connection = await openRaw(shop().url, `GET ${path} HTTP/1.1\r\nHost: a\r\n${cookie}\r\n\r\n`);
        await settleDown();
        connection.socket.destroy();
        await settleDown();
        acknowledge();
        await settleDown();
      }
      fail("pass", 0);
      expect((await createBrowser(shop().url).get("/save")).status).toBe(200);
    });
  });
}
