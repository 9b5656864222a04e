import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedServer } from "../../servers/shared-server.js";
import { startChild } from "../../suites/faults/child.js";
import { createPlace, type PlaceBackend, type PlaceName } from "../../suites/faults/place.js";
import { isNightly, patience } from "../../suites/faults/scale.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { openTenants, storedIn } from "../../suites/tenant-shop.js";

const folder = temporaryFolder();
const places: readonly (readonly [PlaceName, string])[] = [
  ["redis", await sharedServer("redis")],
  ["postgres", await sharedServer("postgres")],
  ["mysql", await sharedServer("mysql")],
  ["sqlite", join(folder, "sessions.sqlite")],
  ["file", join(folder, "sessions")],
];

/** In every run those that count by a lock of their own each; nightly all. */
const quick: readonly PlaceName[] = ["redis", "postgres", "file"];
const tried = places.filter(([place]) => isNightly || quick.includes(place));

const max = 10;
const loginsEach = [34, 33, 33];

/** What three processes say of 100 logins at once, all added up; each works with some of the sessions meanwhile. */
async function logIn(
  [place, url]: (typeof places)[number],
  onLimit: "refuse" | "oldest",
  keys: readonly string[] = [],
): Promise<Readonly<Record<string, number>>> {
  const children = loginsEach.map((logins, child) =>
    startChild("login-to-tenant.ts", [
      ...[place, url, max, onLimit, logins],
      ...keys.filter((_, at) => at % loginsEach.length === child),
    ]),
  );
  for (const child of children) expect(await child.nextLine()).toBe("ready");
  for (const child of children) child.say("go");
  const said = await Promise.all(children.map((child) => child.nextLine()));
  expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0]);
  const total: Record<string, number> = {};
  for (const line of said) {
    for (const [what, times] of Object.entries(JSON.parse(line) as Record<string, number>)) {
      total[what] = (total[what] ?? 0) + times;
    }
  }
  return total;
}

function tenantOf(backend: PlaceBackend) {
  return openTenants(backend, {}, { deadline: "60s" }).forTenant("crowded:*");
}

describe.each(tried)("100 logins to one tenant at once from three processes, over %s", (...place) => {
  test("let in as many as there is room", { timeout: patience }, async () => {
    const backend = await createPlace(...place);
    const tenant = tenantOf(backend);
    await tenant.revokeAll();
    expect(await logIn(place, "refuse")).toEqual({ in: max, limit: 100 - max });
    expect(await tenant.count()).toBe(max);
    await tenant.revokeAll();
    await backend.close?.();
  });

  test("refuse no update and no change of key of those who are in", { timeout: patience }, async () => {
    const backend = await createPlace(...place);
    const tenant = tenantOf(backend);
    await tenant.revokeAll();
    const keys = await Promise.all([1, 2, 3, 4, 5, 6].map((userId) => storedIn(tenant, { userId })));
    const { in: added = 0, limit = 0, worked = 0, ...others } = await logIn(place, "refuse", keys);
    expect(others).toEqual({});
    expect([added + limit, worked >= keys.length]).toEqual([100, true]);
    // While a key is changed both of its records take room: then it may be one fewer, never one more.
    expect(added).toBeLessThanOrEqual(max - keys.length);
    expect(await tenant.count()).toBe(added + keys.length);
    await tenant.revokeAll();
    await backend.close?.();
  });

  test("leave the newest, where the oldest must go", { timeout: patience }, async () => {
    const backend = await createPlace(...place);
    const tenant = tenantOf(backend);
    await tenant.revokeAll();
    expect(await logIn(place, "oldest")).toEqual({ in: 100 });
    expect(await tenant.count()).toBe(max);
    await tenant.revokeAll();
    await backend.close?.();
  });
});
