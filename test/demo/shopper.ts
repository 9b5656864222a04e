import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

/** A headless Chromium. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Presses a button or link, and waits for the page that follows. */
export async function press(page: Page, target: Locator): Promise<void> {
  await Promise.all([page.waitForEvent("load"), target.click()]);
}

/** Signs in on the form, under a name that is typed. */
export async function signIn(page: Page, origin: string, name: string): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Your name").fill(name);
  await press(page, page.getByRole("main").getByRole("button", { name: "Sign in" }));
}

/** Puts a product into the cart from the front page. */
export async function addToCart(page: Page, product: string): Promise<void> {
  await press(page, page.getByRole("button", { name: `Add ${product} to cart` }));
}

/** What the cart page shows: how many of each product. */
export async function readCart(page: Page, origin: string): Promise<Record<string, number>> {
  await page.goto(`${origin}/cart`);
  const rows = await page.locator("li[data-sku]").all();
  const entries = rows.map(async (row) => {
    const quantity = Number(await row.locator("output").textContent());
    return [(await row.getAttribute("data-sku")) ?? "", quantity] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Whether the shop knows who this is: "your devices" is only for those who are signed in. */
export async function isSignedIn(page: Page, origin: string): Promise<boolean> {
  await page.goto(`${origin}/devices`);
  return new URL(page.url()).pathname === "/devices";
}

/** The session's key, as the browser keeps it. */
export async function keyOf(context: BrowserContext): Promise<string | undefined> {
  const cookies = await context.cookies();
  return cookies.find(({ name }) => name === "__Host-session")?.value;
}
