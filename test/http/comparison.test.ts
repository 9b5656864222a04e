import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBrowser } from "../suites/adapter-client.js";
import { type Compared, compared, type StartCompared, type View } from "../suites/compared.js";

let server: Compared | undefined;
beforeEach(() => void vi.spyOn(console, "error").mockReturnValue());
afterEach(async () => {
  await server?.close();
  vi.restoreAllMocks();
});

/** Requests that have loaded their sessions, and go on together when all are there. */
function createMeeting(expected: number): () => Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let missing = expected;
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

const slots = 20;
const login: View = (bag) => bag.put("userId", 42);

/** Each row of docs/comparison.md that can be seen here: what is done, and what comes of it. */
const rows: Readonly<Record<string, (start: StartCompared) => Promise<string>>> = {
  "20 requests at once, each setting a field of its own: kept": async (start) => {
    const meet = createMeeting(slots);
    const names = Array.from({ length: slots }, (_, slot) => `slot${slot}`);
    server = await start((path) => async (bag) => {
      if (path === "/login") return login(bag);
      if (path === "/show") return names.filter((name) => bag.read(name) === 1).length;
      bag.read("userId");
      await meet();
      return bag.put(path.slice(1), 1);
    });
    const browser = createBrowser(server.url);
    await browser.get("/login");
    await Promise.all(names.map((name) => browser.get(`/${name}`)));
    return String(await (await browser.get("/show")).json());
  },
  "a slow request that saves after a logout: the session is": async (start) => {
    let goOn = (): void => undefined;
    const left = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    server = await start((path) => async (bag) => {
      if (path === "/login") return login(bag);
      if (path === "/logout") return bag.end();
      if (path === "/show") return bag.read("userId") ?? null;
      arrive();
      await left;
      return bag.put("theme", "late");
    });
    const browser = createBrowser(server.url);
    await browser.get("/login");
    const replay = createBrowser(server.url, browser.cookies);
    const slow = replay.get("/slow");
    await arrived;
    await browser.get("/logout");
    goOn();
    await slow;
    return (await (await replay.get("/show")).json()) === null ? "gone" : "back";
  },
  "a login, without another call: the key is": async (start) => {
    server = await start((path) => (path === "/login" ? login : (bag) => bag.put("theme", "dark")));
    const browser = createBrowser(server.url);
    await browser.get("/theme");
    const before = [...browser.cookies.values()].join();
    await browser.get("/login");
    return [...browser.cookies.values()].join() === before ? "the same" : "new";
  },
  "the store does not take the change: the answer is": async (start) => {
    server = await start(() => login);
    if (server.breakStore === undefined) return "–";
    server.breakStore();
    return String((await createBrowser(server.url).get("/login")).status);
  },
  "a text where a number is declared: it is": async (start) => {
    server = await start(
      (path) => (bag) => (path === "/show" ? (bag.read("userId") ?? null) : bag.put("userId", "42")),
    );
    const browser = createBrowser(server.url);
    await browser.get("/wrong");
    return (await (await browser.get("/show")).json()) === null ? "refused" : "stored";
  },
  "a page that was made of a session: a shared cache is": async (start) => {
    server = await start((path) => (path === "/login" ? login : (bag) => bag.read("userId") ?? null));
    const browser = createBrowser(server.url);
    await browser.get("/login");
    const { headers } = await browser.get("/show");
    return /cookie/i.test(headers.get("vary") ?? "") ? "told" : "not told";
  },
};

const libraries = Object.entries(compared);

test.each(Object.entries(rows))("as docs/comparison.md says: %s", async (row, see) => {
  const seen: string[] = [];
  for (const [, start] of libraries) {
    seen.push(await see(start));
    await server?.close();
    server = undefined;
  }
  const page = readFileSync(new URL("../../docs/comparison.md", import.meta.url), "utf8");
  const line = page.split("\n").find((one) => one.startsWith(`| ${row} `));
  const cells = line?.split("|").map((cell) => cell.replaceAll("*", "").trim());
  expect([row, ...seen]).toEqual(cells?.slice(1, 2 + libraries.length));
});
