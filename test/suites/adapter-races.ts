import { describe, expect, it } from "vitest";
import { type Browser, createBrowser } from "./adapter-client.js";
import { COOKIE_NAME, type Shop, type Start } from "./adapter-shop.js";
import { SLOTS, type Slot } from "./slots.js";

/** Resolves when as many have come as are expected: no request saves before all have loaded. */
function createBarrier(expected: number): () => Promise<void> {
  let open = (): void => undefined;
  let missing = expected;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

/** Requests that meet: nothing is lost, and nothing that ended comes back in so many logouts. */
export function adapterRaces(shop: () => Shop, start: Start, rounds: number): void {
  describe("requests at once", () => {
    it(`keeps ${SLOTS} different fields of ${SLOTS} requests`, async () => {
      const meet = createBarrier(SLOTS);
      let next = 0;
      await start({
        "/slot": async ({ session, reply }) => {
          const slot: Slot = `slot${next}`;
          next += 1;
          await meet();
          session.set(slot, 1);
          return reply(200, slot);
        },
      });
      const browser = createBrowser(shop().url);
      await browser.get("/login");
      const statuses = await Promise.all(
        Array.from({ length: SLOTS }, async () => (await browser.get("/slot")).status),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      const session = await shop().sessions.load(browser.cookies.get(COOKIE_NAME) ?? "");
      expect(session?.keys().filter((name) => name.startsWith("slot"))).toHaveLength(SLOTS);
    });

    it("counts 50 visits of 50 requests", async () => {
      const meet = createBarrier(50);
      await start({
        "/visit": async ({ session, reply }) => {
          await meet();
          session.visits += 1;
          return reply(200, "seen");
        },
      });
      const browser = createBrowser(shop().url);
      await browser.get("/login");
      const statuses = await Promise.all(
        Array.from({ length: 50 }, async () => (await browser.get("/visit")).status),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      const session = await shop().sessions.load(browser.cookies.get(COOKIE_NAME) ?? "");
      expect(session?.visits).toBe(50);
    });

    it(`revives nothing in ${rounds} logouts that writers, readers and touchers race`, async () => {
      let race = createRace();
      await start({
        "/slow-write": async ({ session, reply }) => {
          await race.wait();
          session.visits += 1;
          return reply(200, "written");
        },
        "/slow-read": async ({ session, reply }) => {
          await race.wait();
          return reply(200, String(session.userId));
        },
      });
      let revived = 0;
      for (let round = 0; round < rounds; round += 1) {
        const browser = createBrowser(shop().url);
        await browser.get("/login");
        const key = browser.cookies.get(COOKIE_NAME) ?? "";
        shop().clock.advance("6m");
        race = createRace();
        const isFree = round % 2 === 1;
        if (isFree) race.leave();
        const written = await raceLogout(shop().url, browser, race);
        if (!isFree) expect(written).toBe(409);
        if (await shop().sessions.exists(key)) revived += 1;
        const after = await createBrowser(shop().url, [[COOKIE_NAME, key]]).get("/read");
        if ((await after.text()) !== "undefined") revived += 1;
      }
      expect(revived).toBe(0);
    }, 120_000);
  });
}

/** A logout, and two slow requests that have loaded before it and go on after it; freely once `leave` was called. */
interface Race {
  readonly loaded: Promise<void>;
  wait(): Promise<void>;
  leave(): void;
}

function createRace(): Race {
  let leave = (): void => undefined;
  let load = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const loaded = new Promise<void>((resolve) => {
    load = resolve;
  });
  let arrived = 0;
  const wait = (): Promise<void> => {
    arrived += 1;
    if (arrived === 2) load();
    return left;
  };
  return { loaded, wait, leave: () => leave() };
}

/** Gives the status of the slow writer's response. */
async function raceLogout(url: string, browser: Browser, race: Race): Promise<number | undefined> {
  const tab = (): Browser => createBrowser(url, browser.cookies);
  const visits = ["/slow-write", "/slow-read", "/read"].map((path) => tab().get(path));
  // A request that comes after a logout is nobody's, and meets no one.
  await Promise.race([race.loaded, Promise.all(visits)]);
  const left = await tab().get("/logout");
  race.leave();
  expect(left.status).toBe(200);
  const statuses = (await Promise.all(visits)).map(({ status }) => status);
  for (const status of statuses) expect([200, 409]).toContain(status);
  return statuses[0];
}
