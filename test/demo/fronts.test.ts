import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, test as base, beforeAll, expect } from "vitest";
import { isInstalled } from "../servers/installed.js";
import { startCacheInFront } from "../servers/nginx.js";
import type { TestServer } from "../servers/test-server.js";
import { findChromium } from "./chromium.js";
import { migrateShop, openShop, type Shop } from "./shop-process.js";
import { addToCart, isSignedIn, keyOf, launchBrowser, press, readCart, signIn } from "./shopper.js";

const chromium = findChromium();
const hasCache = isInstalled("nginx");
const test = base.skipIf(chromium === null);
const behindCache = base.skipIf(chromium === null || !hasCache);

let folder: string;
let shop: Shop;
let careDesk: Shop;
let browser: Browser;
let cache: TestServer | undefined;

beforeAll(async () => {
  if (chromium === null) return;
  folder = await mkdtemp(join(tmpdir(), "session-gen-fronts-"));
  await migrateShop(database());
  [shop, careDesk, browser] = await Promise.all([
    openShop(database()),
    openShop(database(), "care desk"),
    launchBrowser(chromium),
  ]);
  if (hasCache) cache = await startCacheInFront(shop.origin);
});

afterEach(async () => {
  if (chromium === null) return;
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  if (chromium === null) return;
  await browser.close();
  await Promise.all([shop.stop(), careDesk.stop(), cache?.stop()]);
  await rm(folder, { recursive: true });
});

test("who signs in on one front is signed in on the other, and signed out on both", async () => {
  const page = await newDevice();
  await page.goto(shop.origin);
  await addToCart(page, "Pilea");
  await signIn(page, careDesk.origin, "Both Fronts");
  expect(await page.getByText("For your plants, Both Fronts.").isVisible()).toBe(true);
  expect(await page.locator("li[data-sku]").count()).toBe(1);
  expect(await readCart(page, shop.origin)).toEqual({ pilea: 1 });
  expect(await isSignedIn(page, shop.origin)).toBe(true);
  await press(page, page.getByRole("button", { name: "Dark" }));
  await page.goto(careDesk.origin);
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  await press(page, page.getByRole("button", { name: "Sign out" }));
  expect(await isSignedIn(page, shop.origin)).toBe(false);
  expect(await keyOf(page.context())).toBe(undefined);
});

test("a form on another site changes nothing at the care desk either", async () => {
  const page = await newDevice();
  await signIn(page, careDesk.origin, "Careful");
  const form = `<form method="post" action="${careDesk.origin}/sign-out"><button>Win!</button></form>`;
  await page.route("http://other.test/", (route) => route.fulfill({ contentType: "text/html", body: form }));
  await page.goto("http://other.test/");
  const answered = page.waitForResponse(`${careDesk.origin}/sign-out`);
  await press(page, page.getByRole("button", { name: "Win!" }));
  expect((await answered).status()).toBe(403);
  expect(await isSignedIn(page, shop.origin)).toBe(true);
});

test("after signing out, the back button shows nobody's page", async () => {
  const page = await newDevice();
  await signIn(page, shop.origin, "Leaving");
  await page.goto(`${shop.origin}/devices`);
  expect(await page.getByText("Everywhere you are signed in as Leaving").isVisible()).toBe(true);
  await press(page, page.getByRole("button", { name: "Sign out", exact: true }));
  await page.goBack();
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  expect(await page.getByText("Leaving").count()).toBe(0);
});

test("who comes back after the session has expired is a guest, with a new key at the next sign-in", async () => {
  const page = await newDevice();
  await signIn(page, shop.origin, "Long Gone");
  const key = await keyOf(page.context());
  expire();
  expect(await isSignedIn(page, shop.origin)).toBe(false);
  await signIn(page, shop.origin, "Long Gone");
  expect(await keyOf(page.context())).not.toBe(key);
  expect(await isSignedIn(page, shop.origin)).toBe(true);
});

behindCache("a cache in front serves everybody the style sheet, and nobody the page of another", async () => {
  const origin = cache?.url ?? "";
  const [ada, grace] = [await newDevice(), await newDevice()];
  const kept = new Set<string>();
  for (const page of [ada, grace]) {
    page.on("response", (response) => {
      if (response.headers()["x-cache"] === "HIT") kept.add(new URL(response.url()).pathname);
    });
  }
  await signIn(ada, origin, "Ada Cached");
  await signIn(grace, origin, "Grace Cached");
  for (let visit = 0; visit < 3; visit += 1) {
    await Promise.all([ada.goto(`${origin}/`), grace.goto(`${origin}/`)]);
    expect(await ada.getByText("Good to see you, Ada Cached.").isVisible()).toBe(true);
    expect(await grace.getByText("Good to see you, Grace Cached.").isVisible()).toBe(true);
  }
  const guest = await newDevice();
  await guest.goto(`${origin}/`);
  expect(await guest.getByText("Good to see you").count()).toBe(0);
  expect([...kept].sort()).toEqual(["/leaf.svg", "/shop.css"]);
});

/** As if the sessions that are stored had not been used for longer than they live. */
function expire(): void {
  const db = new Database(database());
  db.prepare("update sessions set expires_at = ?").run(Date.now() - 1000);
  db.close();
}

async function newDevice(): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB" });
  return context.newPage();
}

function database(): string {
  return join(folder, "shop.sqlite");
}
