import { expect, test } from "vitest";
import { openStateful, statefulPlaces } from "../../suites/stateful-places.js";
import { hostileTenants, openTenants, storedIn } from "../../suites/tenant-shop.js";

const ids = [...new Set(hostileTenants)];

test.each(Object.entries(statefulPlaces))(
  "%s: tenants of whatever names have each its own sessions, which are listed, found and ended alone",
  { timeout: 300_000 },
  async (_name, open) => {
    const sessions = openTenants(await openStateful(open), { strict: false }, { deadline: "60s" });
    const without = await storedIn(sessions);
    const tenants = ids.map((id) => sessions.forTenant(id));
    const keys: string[] = [];
    for (const tenant of tenants) keys.push(await storedIn(tenant));
    for (const [at, tenant] of tenants.entries()) {
      const own = await tenant.load(keys[at] ?? "");
      const listed: string[] = [];
      for await (const { handle } of tenant.list()) listed.push(handle);
      expect([listed, await tenant.count({ userId: 1 })]).toEqual([[own?.handle], 1]);
      const others = [without, keys[(at + 1) % keys.length] ?? "", keys.at(at - 1) ?? ""];
      expect(await Promise.all(others.map((key) => tenant.exists(key)))).toEqual([false, false, false]);
    }
    for (const [at, tenant] of tenants.entries()) {
      if (at % 3 === 0) expect(await tenant.revokeAll()).toBe(1);
      if (at % 3 === 1) expect(await tenant.revoke({ userId: 1 })).toBe(1);
    }
    const left = await Promise.all(tenants.map((tenant) => tenant.count()));
    expect(left).toEqual(ids.map((_, at) => (at % 3 === 2 ? 1 : 0)));
    expect([await sessions.count(), await sessions.exists(without)]).toEqual([1, true]);
    expect(await sessions.revokeAll()).toBe(1 + left.filter(Boolean).length);
  },
);
