import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { failingBackend, fakeClock } from "../../../runtime/testing/index.js";
import { openRevocableShop, type SealedShop } from "../../suites/sealed-shop.js";

/** A place that throws nothing away by itself, as a table does not. */
const place = createMemoryBackend({ clock: () => 0 });

async function endSessions({ sessions }: SealedShop, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const session = sessions.create({ userId: index });
    await session.save();
    await session.destroy();
  }
}

const countRemembered = async (): Promise<number> =>
  (await place.abilities.scan.scan({ limit: 10_000 })).records.length;

describe("ended sessions", () => {
  it("are remembered until no token of them can be alive, and then forgotten without being told to", async () => {
    const shop = openRevocableShop({ clock: fakeClock(), revocation: place, expiry: { absolute: "1d" } });
    await endSessions(shop, 500);
    shop.clock.advance("1d");
    await endSessions(shop, 100);
    expect(await countRemembered()).toBe(600);
    shop.clock.advance("2m");
    // Memory forgets 250 at a time.
    await endSessions(shop, 200);
    expect(await countRemembered()).toBe(300);
  });

  it("that cannot be forgotten now are left for another time: no logout fails for it", async () => {
    const shop = openRevocableShop({ revocation: failingBackend(place, { deleteExpired: "reject" }) });
    await endSessions(shop, 101);
  });
});
