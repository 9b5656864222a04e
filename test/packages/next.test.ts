import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { type Browser, createBrowser } from "../suites/adapter-client.js";
import { djangoConformance } from "../suites/django/conformance.js";
import { isNightly } from "../suites/faults/scale.js";
import { nextAdapter, type OpenedNext, openNext } from "../suites/next-adapter.js";
import { codeBlocks } from "./code-blocks.js";
import { createNextProject, type NextProject } from "./next-project.js";

/** Next's compilers, on a machine that may be busy. */
const patience = { timeout: 900_000 };

const NAME = "__Host-session";

const builds: readonly (readonly [version: string, bundler: string, options: readonly string[]])[] = [
  ["16", "Turbopack", ["--turbopack"]],
  ["16", "webpack", ["--webpack"]],
  ["15", "webpack", []],
];

if (isNightly) {
  test.each(builds)(
    "the page on Next %s builds by %s as it is printed, and its app works",
    patience,
    async (version, _bundler, options) => {
      const project = createNextProject(version);
      writePage(project, version);
      await project.build(...options);
      await using app = await project.start();
      await tryOut(app.url).catch((cause: unknown) => {
        throw new Error(`The app said:\n${app.said()}`, { cause });
      });
    },
  );
}

if (isNightly) {
  describe("a Route Handler of Next that fetchSession wraps", () => {
    let opened: OpenedNext;
    beforeAll(async () => {
      vi.stubEnv("NODE_ENV", "production");
      opened = await openNext();
    }, patience.timeout);
    afterAll(async () => {
      await opened[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });
    djangoConformance(
      nextAdapter(() => opened),
      "memory",
      async (clock) => createMemoryBackend({ clock }),
    );
  });
}

test("the page on Next has the files that are built", () => {
  const names = codeBlocks("docs/frameworks/next.md").map(({ name }) => name);
  expect(names).toEqual([
    ...[
      "session.schema.ts",
      "lib/session.ts",
      "app/page.tsx",
      "app/actions.ts",
      "app/visits/route.ts",
      "proxy.ts",
    ],
    ...["lib/pages-session.ts", "pages/api/account.ts", "pages/account.tsx"],
  ]);
});

/** The files of the page, and of a test: what keeps the key, and what cannot be done. */
function writePage(project: NextProject, version: string): void {
  for (const { name, text } of codeBlocks("docs/frameworks/next.md")) {
    if (name === "session.schema.ts")
      project.write(
        name,
        text.replace("adapters:", 'rotation: { every: "1s" },\n  deadline: "20s",\n  adapters:'),
      );
    else if (name === "proxy.ts" && version === "15") project.write("middleware.ts", asMiddleware(text));
    else project.write(name, text);
  }
  project.write("app/layout.tsx", layout);
  project.write("app/probe/page.tsx", probe);
  project.write("app/fixed/page.tsx", fixed);
  project.write("app/act/route.ts", act);
}

function asMiddleware(text: string): string {
  return text.replace("const proxy", "const middleware").replace("matcher:", 'runtime: "nodejs", matcher:');
}

async function tryOut(url: string): Promise<void> {
  const browser = createBrowser(url);
  const read = async (path: string): Promise<string> => (await browser.get(path)).text();
  const guest = await browser.get("/");
  expect([await guest.text(), guest.headers.getSetCookie()]).toEqual([
    expect.stringContaining("Hello, guest, after 0"),
    [],
  ]);
  expect(browser.cookies.size).toBe(0);

  const first = await browser.get("/visits");
  expect([first.headers.get("vary"), first.headers.get("cache-control")]).toEqual([
    expect.stringContaining("Cookie"),
    'private, no-cache="Set-Cookie"',
  ]);
  expect(JSON.parse(await read("/visits"))).toEqual({ visits: 2 });
  expect(await (await browser.get("/act", { method: "POST" })).json()).toEqual({ visits: 3, same: true });

  const before = browser.cookies.get(NAME);
  expect(await submit(browser, url)).toContain("Hello, 42, after 3");
  expect(browser.cookies.get(NAME)).not.toBe(before);
  expect(await read("/")).toContain("Hello, 42, after 3");
  expect(await (await createBrowser(url, [[NAME, before ?? ""]]).get("/")).text()).toContain("Hello, guest");

  await pagesRouter(browser);
  await proxied(browser);
  await prerendered(browser);
  const last = browser.cookies.get(NAME) ?? "";
  expect(await submit(browser, url)).toContain("Hello, guest");
  expect(browser.cookies.size).toBe(0);
  expect(await (await createBrowser(url, [[NAME, last]]).get("/")).text()).toContain("Hello, guest");
}

/** API routes and pages of the other router have the same session, which is saved by itself. */
async function pagesRouter(browser: Browser): Promise<void> {
  const page = await browser.get("/account");
  expect(await page.text()).toContain("Account 42, after 4");
  expect(page.headers.get("cache-control")).toMatch(/^private\b/);
  expect(await (await browser.get("/api/account")).json()).toEqual({ visits: 5 });
  const other = createBrowser(page.url);
  expect(await (await other.get("/account")).text()).toContain("Account guest, after 1");
  expect(await (await other.get("/api/account")).json()).toEqual({ visits: 2 });
}

/** What renders can write nothing; but the proxy renews the key, and what renders sees the new one. */
async function proxied(browser: Browser): Promise<void> {
  const before = browser.cookies.get(NAME);
  await expect
    .poll(
      async () => {
        const text = await (await browser.get("/probe")).text();
        const [, seen, code] = /<i>([\w-]+)<\/i><b>(\w+)<\/b>/.exec(text) ?? [];
        expect([seen, code]).toEqual([browser.cookies.get(NAME), "unsupported"]);
        return seen !== before;
      },
      { timeout: 30_000, interval: 100 },
    )
    .toBe(true);
  expect(await (await browser.get("/")).text()).toContain("Hello, 42, after 5");
}

/** A page that was made at build, and is for everybody: where the proxy sends a cookie along, no cache may keep it. */
async function prerendered(browser: Browser): Promise<void> {
  const fixed = async (): Promise<boolean> => {
    const { headers } = await browser.get("/fixed");
    if (headers.getSetCookie().length === 0) return false;
    expect(headers.get("cache-control")).toMatch(/^private\b/);
    expect([...headers.keys()].filter((name) => name.startsWith("x-middleware-"))).toEqual([]);
    return true;
  };
  await expect.poll(fixed, { timeout: 30_000, interval: 100 }).toBe(true);
}

/** Submits the form of the page, as a browser without scripts does. */
async function submit(browser: Browser, url: string): Promise<string> {
  const page = await (await browser.get("/")).text();
  const body = new FormData();
  for (const [, name = "", value = ""] of page.matchAll(
    /<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g,
  ))
    body.set(name, value);
  const response = await browser.get("/", { method: "POST", body, headers: { origin: url } });
  return response.text();
}

const layout = `
  import type { ReactNode } from "react";

  export default function Layout({ children }: { children: ReactNode }) {
    return <html lang="en"><body>{children}</body></html>;
  }
`;

const fixed = `
  export const dynamic = "force-static";

  export default function Page() {
    return <p>For everybody</p>;
  }
`;

const probe = `
  import { cookies } from "next/headers";
  import { currentSession } from "../../lib/session";

  export default async function Page() {
    const session = await currentSession();
    session.visits += 100;
    const code = await session.save().then(() => "saved", (error: { code: string }) => error.code);
    return <p><i>{(await cookies()).get("${NAME}")?.value}</i><b>{code}</b></p>;
  }
`;

const act = `
  import { currentSession } from "../../lib/session";

  export async function POST(): Promise<Response> {
    const session = await currentSession();
    session.visits += 1;
    await session.save();
    return Response.json({ visits: session.visits, same: session === (await currentSession()) });
  }
`;
