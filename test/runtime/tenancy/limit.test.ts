import { describe, expect, it } from "vitest";
import type { SessionEvent, SessionsOptions, TenancyOptions } from "../../../runtime/index.js";
import { openStateful, statefulPlaces } from "../../suites/stateful-places.js";
import { openTenants, storedIn, type TenantShop } from "../../suites/tenant-shop.js";

const places = Object.entries(statefulPlaces);

async function openLimited(
  open: (typeof places)[number][1],
  tenancy: TenancyOptions,
  options: SessionsOptions = {},
): Promise<TenantShop> {
  return openTenants(await openStateful(open), tenancy, { deadline: "20s", ...options });
}

describe.each(places)("the sessions of a tenant in %s", (_place, open) => {
  it("are refused above the limit, not at an update, a change of key or a login of one that is there", async () => {
    const sessions = await openLimited(open, { maxSessions: 3 });
    const [full, other] = [sessions.forTenant("full"), sessions.forTenant("other")];
    const members = [1, 2, 3].map(() => full.create({ visits: 1 }));
    for (const member of members) await member.save();
    const refused = full.create({ userId: 9 });
    await expect(refused.save()).rejects.toMatchObject({ code: "limit", details: { max: 3 } });
    expect([refused.isNew, refused.key]).toEqual([true, null]);
    for (const member of members) {
      member.visits += 1;
      await member.save();
      member.userId = 4;
      await member.save();
      await member.cycleKey();
    }
    expect(await full.count()).toBe(3);
    await expect(refused.save()).rejects.toMatchObject({ code: "limit" });
    await storedIn(other);
    // What is left of the old keys takes no room: one that ends makes room for exactly one.
    await members[0]?.destroy();
    await refused.save();
    expect((await full.load(refused.key ?? ""))?.userId).toBe(9);
    await expect(storedIn(full)).rejects.toMatchObject({ code: "limit" });
    expect([await full.count(), await other.count()]).toEqual([3, 1]);
    expect([await full.revokeAll(), await full.count(), await other.count()]).toEqual([3, 0, 1]);
  });

  it("make the oldest go, which the analytics are told, and whose user gets a new one", async () => {
    const evicted: (string | null)[] = [];
    const hear = (event: SessionEvent) =>
      event.type === "deleted" && event.reason === "evicted" && evicted.push(event.handle);
    const sessions = await openLimited(open, { maxSessions: 2, onLimit: "oldest" }, { sinks: [hear] });
    const [full, other] = [sessions.forTenant("full"), sessions.forTenant("full:session:")];
    await storedIn(other);
    const oldest = full.create({ userId: 1 });
    await oldest.save();
    await oldest.cycleKey();
    await new Promise((resolve) => setTimeout(resolve, 2));
    const kept = [await storedIn(full, { userId: 2 }), await storedIn(full, { userId: 3 })];
    // A cache may show it for a moment longer, but no write of it.
    const { key, handle } = { key: oldest.key ?? "", handle: oldest.handle };
    expect(evicted).toEqual([handle]);
    oldest.visits += 1;
    await expect(oldest.save()).rejects.toMatchObject({ code: "gone" });
    expect(await full.load(key)).toBeNull();
    for (const other of kept) expect(await full.load(other)).not.toBeNull();
    const next = await full.open(key);
    expect([next.isNew, next.userId]).toEqual([true, undefined]);
    expect([await full.count(), await other.count()]).toEqual([2, 1]);
  });
});
