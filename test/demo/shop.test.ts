import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, test as base, beforeAll, expect } from "vitest";
import { findChromium } from "./chromium.js";
import { openMeetingPoint } from "./meeting-point.js";
import { migrateShop, openShop, type Shop } from "./shop-process.js";
import { addToCart, isSignedIn, keyOf, launchBrowser, press, readCart, signIn } from "./shopper.js";

const chromium = findChromium();
const test = base.skipIf(chromium === null);

const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";

let folder: string;
let shop: Shop;
let browser: Browser;

beforeAll(async () => {
  if (chromium === null) return;
  folder = await mkdtemp(join(tmpdir(), "session-gen-shop-"));
  await migrateShop(database());
  [shop, browser] = await Promise.all([openShop(database()), launchBrowser(chromium)]);
});

afterEach(async () => {
  if (chromium === null) return;
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  if (chromium === null) return;
  await browser.close();
  await shop.stop();
  await rm(folder, { recursive: true });
});

test("a guest who looks around gets no cookie", async () => {
  const page = await newDevice();
  await page.goto(shop.origin);
  await page.goto(`${shop.origin}/cart`);
  await page.goto(`${shop.origin}/sign-in`);
  expect(await page.context().cookies()).toEqual([]);
});

test("signing in keeps the guest's cart, under a new key", async () => {
  const page = await newDevice();
  await page.goto(shop.origin);
  await addToCart(page, "Pilea");
  const guestKey = await keyOf(page.context());
  expect(guestKey).toMatch(/^[\w-]{43}$/);
  await signIn(page, shop.origin, "Ada Keeps");
  expect(await page.getByText("Good to see you, Ada Keeps.").isVisible()).toBe(true);
  expect(await keyOf(page.context())).not.toBe(guestKey);
  expect(await readCart(page, shop.origin)).toEqual({ pilea: 1 });
});

test("whoever does not want to stay signed in gets a cookie that ends with the browser", async () => {
  const page = await newDevice();
  await page.goto(`${shop.origin}/sign-in?next=/cart`);
  await page.getByLabel("Stay signed in").uncheck();
  await press(page, page.getByRole("button", { name: "Konrad" }));
  expect(new URL(page.url()).pathname).toBe("/cart");
  expect((await page.context().cookies()).map(({ expires }) => expires)).toEqual([-1]);
});

test("a name that is no name is refused where it was typed; one with markup is shown as it is", async () => {
  const page = await newDevice();
  await signIn(page, shop.origin, "123");
  expect(await page.getByRole("alert").textContent()).toContain("at least one letter");
  expect(await isSignedIn(page, shop.origin)).toBe(false);
  await signIn(page, shop.origin, '<b class="x">Eve</b>');
  expect(await page.getByText('Good to see you, <b class="x">Eve</b>.').isVisible()).toBe(true);
});

test("two tabs of one browser put things into the cart at once: all of them are there", async () => {
  const rounds = 6;
  const { origin, close } = await openMeetingPoint(shop.origin);
  const first = await newDevice();
  let openings = 0;
  first.context().on("response", (response) => {
    if (response.url() === `${origin}/` && response.ok()) openings += 1;
  });
  await signIn(first, origin, "Two Tabs");
  const second = await first.context().newPage();
  await second.goto(origin);
  for (let round = 0; round < rounds; round++) {
    await Promise.all([addToCart(first, "Monstera"), addToCart(second, "Aloe vera")]);
  }
  expect(await readCart(first, origin)).toEqual({ monstera: rounds, aloe: rounds });
  await second.goto(`${origin}/devices`);
  expect(await second.getByText(`Opened the shop ${openings} times`).isVisible()).toBe(true);
  close();
});

test("the cart grows, shrinks and is ordered", async () => {
  const page = await newDevice();
  await page.goto(shop.origin);
  await addToCart(page, "Pilea");
  await addToCart(page, "Boston fern");
  await page.goto(`${shop.origin}/cart`);
  await press(page, page.getByRole("button", { name: "One more Pilea" }));
  await press(page, page.getByRole("button", { name: "One more Pilea" }));
  await press(page, page.getByRole("button", { name: "One less Pilea" }));
  await press(page, page.getByRole("button", { name: "Remove Boston fern" }));
  expect(await readCart(page, shop.origin)).toEqual({ pilea: 2 });
  expect(await page.getByText("€29.00").count()).toBe(2);
  await press(page, page.getByRole("button", { name: "Order" }));
  expect(await page.getByRole("status").textContent()).toContain("Thank you!");
  await page.reload();
  expect(await page.getByRole("status").count()).toBe(0);
  expect(await readCart(page, shop.origin)).toEqual({});
});

test("one device signs out the other", async () => {
  const laptop = await newDevice();
  const handheld = await newDevice(phone);
  await signIn(laptop, shop.origin, "Both Devices");
  await signIn(handheld, shop.origin, "Both Devices");
  await laptop.goto(`${shop.origin}/devices`);
  expect(await laptop.locator("li.device").count()).toBe(2);
  expect(await laptop.locator('li[data-this="yes"] h2').textContent()).toBe("Chrome · Linux This device");
  await press(laptop, laptop.getByRole("button", { name: "Sign out Safari · iPhone" }));
  expect(await laptop.getByRole("status").textContent()).toBe("That device is signed out.");
  expect(await laptop.locator("li.device").count()).toBe(1);
  expect(await isSignedIn(handheld, shop.origin)).toBe(false);
  expect(await isSignedIn(laptop, shop.origin)).toBe(true);
});

test("signing out the others, and then everywhere", async () => {
  const devices = [await newDevice(), await newDevice(phone), await newDevice(phone)] as const;
  for (const device of devices) await signIn(device, shop.origin, "Three Devices");
  const [laptop, ...handhelds] = devices;
  await laptop.goto(`${shop.origin}/devices`);
  await press(laptop, laptop.getByRole("button", { name: "Sign out the others" }));
  expect(await laptop.locator("li.device").count()).toBe(1);
  for (const device of handhelds) expect(await isSignedIn(device, shop.origin)).toBe(false);

  for (const device of handhelds) await signIn(device, shop.origin, "Three Devices");
  await laptop.goto(`${shop.origin}/devices`);
  await press(laptop, laptop.getByRole("button", { name: "Sign out everywhere" }));
  expect(await keyOf(laptop.context())).toBe(undefined);
  for (const device of devices) expect(await isSignedIn(device, shop.origin)).toBe(false);
});

test("nobody ends the session of somebody else, even with its handle", async () => {
  const [victim, other, thief] = [await newDevice(), await newDevice(), await newDevice()];
  for (const page of [victim, other]) await signIn(page, shop.origin, "Victim");
  await signIn(thief, shop.origin, "Thief");
  await other.goto(`${shop.origin}/devices`);
  const handle = await other.locator('button[name="handle"]').getAttribute("value");
  const form = { handle: handle ?? "" };
  const headers = { origin: shop.origin };
  const sent = await thief.context().request.post(`${shop.origin}/devices/sign-out`, { form, headers });
  expect(sent.url()).toBe(`${shop.origin}/devices`);
  expect(await isSignedIn(thief, shop.origin)).toBe(true);
  expect(await isSignedIn(victim, shop.origin)).toBe(true);
});

test("a form on another site changes nothing here", async () => {
  const page = await newDevice();
  await signIn(page, shop.origin, "Careful");
  const form = `<form method="post" action="${shop.origin}/cart/add"><button name="sku" value="aloe">Win!</button></form>`;
  await page.route("http://other.test/", (route) => route.fulfill({ contentType: "text/html", body: form }));
  const key = await keyOf(page.context());
  await page.goto("http://other.test/");
  const answered = page.waitForResponse(`${shop.origin}/cart/add`);
  await press(page, page.getByRole("button", { name: "Win!" }));
  expect((await answered).status()).toBe(403);
  expect(await keyOf(page.context())).toBe(key);
  expect(await isSignedIn(page, shop.origin)).toBe(true);
  expect(await readCart(page, shop.origin)).toEqual({});
});

test("theme and language are kept, through signing in", async () => {
  const page = await newDevice();
  await page.goto(`${shop.origin}/cart`);
  await press(page, page.getByRole("button", { name: "Dark" }));
  expect(new URL(page.url()).pathname).toBe("/cart");
  await signIn(page, shop.origin, "Nachtmensch");
  await press(page, page.getByRole("button", { name: "Deutsch" }));
  const tab = await page.context().newPage();
  await tab.goto(`${shop.origin}/cart`);
  expect(await tab.locator("html").getAttribute("data-theme")).toBe("dark");
  expect(await tab.locator("html").getAttribute("lang")).toBe("de");
  expect(await tab.getByRole("heading", { level: 1 }).textContent()).toBe("Noch nichts darin.");
});

test("a restart of the server keeps everybody signed in", async () => {
  const page = await newDevice();
  await signIn(page, shop.origin, "Patient");
  await addToCart(page, "Column cactus");
  expect(await shop.stop()).toBe(0);
  shop = await openShop(database());
  expect(await isSignedIn(page, shop.origin)).toBe(true);
  expect(await readCart(page, shop.origin)).toEqual({ cactus: 1 });
});

/** A browser of its own, with its own cookies. */
async function newDevice(userAgent?: string): Promise<Page> {
  const options = userAgent === undefined ? {} : { userAgent };
  const context: BrowserContext = await browser.newContext({ locale: "en-GB", ...options });
  return context.newPage();
}

function database(): string {
  return join(folder, "shop.sqlite");
}
