import { afterEach, expect, test } from "vitest";
import { openSessions } from "../../../../runtime/index.js";
import { type ShopData, type ShopSession, shopKind } from "../../../suites/shop-kind.js";
import { recordAt } from "../cached/places.js";
import { fail, heal, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
afterEach(() => sides.close());

function open() {
  const backend = sides.open();
  return openSessions<ShopSession, Pick<ShopData, "userId">, typeof backend.abilities>(
    shopKind,
    { backend },
    () => backend,
  );
}

/** Records of the secondary alone that are over: of sessions that the primary forgot by itself, and of deletions. */
async function fillSecondary(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const header = at % 2 === 0 ? "tombstone" : "1;json;-;-;0";
    await sides.secondary.create(recordAt(Date.now() - 86_400_000, { id: `s${at}`, header }));
  }
}

async function leftOnSecondary(): Promise<number> {
  const { records } = await sides.secondary.abilities.scan.scan({ limit: 1000 });
  return records.filter(({ id }) => id.startsWith("s") && !id.startsWith("session-gen")).length;
}

test("a clean-up goes on until the secondary has nothing left that is over, though the primary has nothing", async () => {
  sides = openSides();
  await fillSecondary(450);
  const sessions = open();
  expect(await sessions.cleanupExpired()).toBe(0);
  expect(await leftOnSecondary()).toBe(0);
});

test("a clean-up ends though the secondary fails", async () => {
  sides = openSides();
  await fillSecondary(150);
  const sessions = open();
  sides.secondaryPlan.deleteExpired = ["pass", "reject"];
  expect(await sessions.cleanupExpired()).toBe(0);
  fail(sides.secondaryPlan);
  expect(await sessions.cleanupExpired()).toBe(0);
  heal(sides.secondaryPlan);
  expect(await leftOnSecondary()).toBe(50);
});
