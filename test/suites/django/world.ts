import type { SessionBackend, SessionsOptions } from "../../../runtime/index.js";
import type { FakeClock } from "../../../runtime/testing/index.js";
import { type Browser, createBrowser } from "../adapter-client.js";
import {
  type AdapterUnderTest,
  COOKIE_NAME,
  type Shop,
  type ShopExchange,
  type ShopRoute,
  startShop,
} from "../adapter-shop.js";
import { openShop, type ShopSession } from "../shop-kind.js";

/** What a request did, and what came back. */
export interface Visit<T> {
  readonly value: T;
  readonly response: Response;
}

/** How a view answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site in which each request does what a case says: a view of Django, in the words of an adapter. */
export interface World {
  readonly shop: Shop;
  readonly clock: FakeClock;
  /** A person who has not been here, or has the cookies of somebody. */
  browser(cookies?: Iterable<readonly [string, string]>): Browser;
  /** One request; rejects with what the view throws. */
  visit<T>(browser: Browser, view: (session: ShopSession) => T, answer?: Answer): Promise<Visit<Awaited<T>>>;
  /** The same for a view that answers itself, or fails on purpose. */
  send(browser: Browser, view: (exchange: ShopExchange) => unknown): Promise<Response>;
  /** `Vary` of a response, without what the framework lists by itself; `null` when nothing is left. */
  vary(response: Response): string | null;
  /** The same site with other settings. */
  configured(options: SessionsOptions): Promise<World>;
  close(): Promise<void>;
}

/** The value of a person's session cookie. */
export function keyOf({ cookies }: Browser): string {
  return cookies.get(COOKIE_NAME) ?? "";
}

/** Opens it over a framework and a backend. */
export async function openWorld(
  adapter: AdapterUnderTest,
  backend: SessionBackend,
  clock: FakeClock,
  options: SessionsOptions = {},
): Promise<World> {
  const routes: Record<string, ShopRoute> = {};
  const shop = await startShop(
    adapter,
    { backend, clock, open: (place, own) => openShop(place, { ...own, ...options }) },
    routes,
  );
  const others: World[] = [];
  let visits = 0;
  const send: World["send"] = async (browser, view) => {
    visits += 1;
    const path = `/visit-${visits}`;
    routes[path] = view;
    const response = await browser.get(new URL(path, shop.url).href);
    delete routes[path];
    return response;
  };
  return {
    shop,
    clock,
    browser: (cookies) => createBrowser(shop.url, cookies),
    send,
    vary: ({ headers }) => {
      const names = (headers.get("vary") ?? "").split(", ");
      return names.filter((name) => name !== "" && !adapter.ownVary?.includes(name)).join(", ") || null;
    },
    async visit(browser, view, { status = 200, headers = {} } = {}) {
      const seen: { value: Awaited<ReturnType<typeof view>> }[] = [];
      const failed: unknown[] = [];
      const response = await send(browser, async ({ session, reply }) => {
        try {
          seen.push({ value: await view(session) });
        } catch (error) {
          failed.push(error);
          throw error;
        }
        return reply(status, "done", headers);
      });
      const [result] = seen;
      if (result === undefined) throw failed[0] ?? new Error(`The view was not called: ${response.status}`);
      return { value: result.value, response };
    },
    async configured(other) {
      const world = await openWorld(adapter, backend, clock, other);
      others.push(world);
      return world;
    },
    async close() {
      for (const other of others) await other.close();
      await shop.close();
    },
  };
}
