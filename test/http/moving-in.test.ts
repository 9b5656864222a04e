import { expect, onTestFinished, test } from "vitest";
import { sharedServer } from "../servers/shared-server.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { startChild } from "../suites/faults/child.js";
import { inParallel } from "../suites/faults/in-parallel.js";
import { isNightly, patience } from "../suites/faults/scale.js";
import type { Who } from "../suites/moving-in.js";

const url = await sharedServer("redis");

/** Sessions that are live when the first new process starts. */
const live = isNightly ? 10_000 : 80;
/** Processes of the old code, and as many of the new. */
const processes = isNightly ? 2 : 1;
const firstRequests = 6;
const laterRequests = 4;

test(
  `${live} live sessions of express-session move in while half of the processes run the old code: nobody is logged out`,
  async () => {
    const prefix = `moving-${crypto.randomUUID()}-`;
    const start = async (code: string): Promise<string> =>
      startChild("serve-moving.ts", [code, url, prefix]).nextLine();
    const [old, fresh] = await Promise.all(
      ["old", "new"].map((code) => Promise.all(Array.from({ length: processes }, () => start(code)))),
    );
    if (old === undefined || fresh === undefined) throw new Error("No process was started.");
    const people = await inParallel(live, 32, async (user) => {
      const browser = createBrowser(any(old));
      await browser.get(`/login/${user}`);
      return browser;
    });
    const seen = { loggedOut: 0, apart: 0, revived: 0, requests: 0, busy: 0, failed: 0 };
    onTestFinished(() => console.info("moving in:", JSON.stringify(seen)));

    await inParallel(live, 16, async (user) => {
      const browser = people[user] ?? createBrowser(any(old));
      const visit = async (tab: Browser, path: string, at: string): Promise<Response> => {
        seen.requests += 1;
        const response = await tab.get(new URL(path, at).href);
        if (response.status === 200) return response;
        // On a machine that is busy with other things, whoever was not answered asks again.
        if (response.status !== 503) seen.failed += 1;
        seen.busy += 1;
        return visit(tab, path, at);
      };
      const ask = async (tab: Browser, at: string): Promise<Who> => (await visit(tab, "/who", at)).json();
      const atOnce = Array.from({ length: firstRequests }, () => createBrowser(any(fresh), browser.cookies));
      const first = await Promise.all(atOnce.map((tab) => ask(tab, any(fresh))));
      if (new Set(first.map(({ session }) => session)).size !== 1) seen.apart += 1;
      seen.loggedOut += first.filter(({ userId }) => userId !== user).length;
      for (const tab of atOnce) for (const [name, value] of tab.cookies) browser.cookies.set(name, value);
      for (let visit = 0; visit < laterRequests; visit += 1) {
        const { userId } = await ask(browser, any(Math.random() < 0.5 ? old : fresh));
        if (userId !== user) seen.loggedOut += 1;
      }
      if (user % 3 === 0) return;
      const before = createBrowser(any(fresh), browser.cookies);
      const oldOnly = createBrowser(
        any(fresh),
        [...browser.cookies].filter(([name]) => name === "connect.sid"),
      );
      await visit(browser, "/logout", any(user % 3 === 1 ? old : fresh));
      const after = await Promise.all(
        [before, oldOnly, browser].flatMap((tab) => [ask(tab, any(fresh)), ask(tab, any(old))]),
      );
      seen.revived += after.filter(({ userId }) => userId !== null).length;
    });
    expect(seen).toMatchObject({ loggedOut: 0, apart: 0, revived: 0, failed: 0 });
    expect(seen.requests).toBeGreaterThan(live * (firstRequests + laterRequests));
  },
  patience,
);

function any(urls: readonly string[]): string {
  return urls[Math.floor(Math.random() * urls.length)] ?? "";
}
