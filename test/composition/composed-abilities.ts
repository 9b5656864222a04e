import { expect, it } from "vitest";
import { openSessions, type SessionKind, type SessionsOptions } from "../../runtime/index.js";
import { fakeClock } from "../../runtime/testing/index.js";
import type { PlaceAbilities, PlaceBackend } from "../suites/faults/place.js";
import type { ShopSession } from "../suites/shop-kind.js";
import { observe } from "./composed-kind.js";
import type { Composition } from "./compositions.js";

/** Of which tenant the sessions are that a composition with tenants tries. */
export const tenantId = "a:session:*";

type Filter = { readonly userId?: number };

interface Trial {
  readonly composition: Composition;
  readonly kind: SessionKind<ShopSession>;
  readonly place: () => Promise<PlaceBackend>;
}

/** Finding, counting, revoking, listing and cleaning up, through everything that the composition puts in between. */
export function keepsEveryAbility({ composition, kind, place }: Trial): void {
  it("finds, counts and revokes by an indexed field", async () => {
    const { own, other } = await open();
    const keys = await store(own, 3, 7);
    const [foreign = ""] = await store(other, 1, 7);
    const isShared = composition.tenancy !== "tenants";
    expect(await own.count({ userId: 7 })).toBe(isShared ? 4 : 3);
    const found = await collect(own.find({ userId: 7 }));
    expect(found.map(({ data }) => data.cart)).toContainEqual([{ sku: "7-2", quantity: 1 }]);
    const kept = await own.load(keys[0] ?? "");
    expect(await own.revoke({ userId: 7 }, { except: kept ?? { handle: null } })).toBe(isShared ? 3 : 2);
    expect(await Promise.all(keys.map((key) => own.exists(key)))).toEqual([true, false, false]);
    expect(await other.exists(foreign)).toBe(!isShared);
    expect(await own.revoke({ handle: kept?.handle ?? "" })).toBe(1);
  });

  it("cleans up what is over, and nothing else", async () => {
    const { own, everybody, clock } = await open();
    await store(own, 2, 8);
    clock.advance("15d");
    const [lives = ""] = await store(own, 1, 8);
    expect(await everybody.cleanupExpired()).toBeGreaterThanOrEqual(2);
    expect(await own.exists(lives)).toBe(true);
    expect(await own.count({ userId: 8 })).toBe(1);
  });

  if (composition.tenancy === "tenants") {
    it("lists, counts and ends the sessions of one tenant, and no other's", async () => {
      const { tenants } = await open();
      const [one, other] = [tenants.forTenant("one*"), tenants.forTenant("one")];
      await store(one, 3, 9);
      const [foreign = ""] = await store(other, 1, 9);
      const listed = await collect(one.list());
      expect(listed.map(({ data }) => data.userId)).toEqual([9, 9, 9]);
      expect(await one.count()).toBe(3);
      expect(await one.revokeAll()).toBe(3);
      expect(await collect(one.list())).toEqual([]);
      expect(await other.exists(foreign)).toBe(true);
      await other.revokeAll();
    });
  }

  /** The same place twice: as tenants see it where there are any, and as everybody's. */
  async function open() {
    const backend = await place();
    const clock = fakeClock(Date.now());
    const options: SessionsOptions<PlaceAbilities> = { backend, clock, sinks: observe(composition).sinks };
    const tenants = openSessions<ShopSession, Filter, PlaceAbilities>(
      { ...kind, tenancy: {} },
      options,
      () => backend,
    );
    if (composition.tenancy === "tenants") {
      const [own, other] = [tenants.forTenant(tenantId), tenants.forTenant("a")];
      return { own, other, everybody: tenants, tenants, clock };
    }
    const everybody = openSessions<ShopSession, Filter, PlaceAbilities>(kind, options, () => backend);
    return { own: everybody, other: everybody, everybody, tenants, clock };
  }
}

/** Stores so many sessions of a user; answers their keys. */
async function store(
  sessions: { create(data: object): ShopSession },
  count: number,
  userId: number,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const session = sessions.create({ userId, cart: [{ sku: `${userId}-${at}`, quantity: 1 }] });
    await session.save();
    keys.push(session.key ?? "");
  }
  return keys;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What is told of a session that comes, is found and goes; no one is told its key. */
export function isObserved(
  composition: Composition,
  openShop: (sinks: SessionsOptions["sinks"]) => {
    create(data: object): ShopSession;
    load(key: string): Promise<ShopSession | null>;
    ready(): Promise<void>;
  },
): void {
  it("tells its sinks, where it has any, of everything but keys", async () => {
    const { sinks, lines, registry } = observe(composition);
    const sessions = openShop(sinks);
    await sessions.ready();
    const [key = ""] = await store(sessions, 1, 10);
    const loaded = await sessions.load(key);
    await loaded?.destroy();
    const metrics = await registry.metrics();
    const isSilent = composition.analytics === "unobserved";
    expect(lines.length).toBe(isSilent ? 0 : 2);
    expect(/^session_access_hit_total\{.*\} 1$/m.test(metrics)).toBe(!isSilent);
    expect(/^session_deleted_total\{.*reason="flushed".*\} 1$/m.test(metrics)).toBe(!isSilent);
    expect(lines.join("\n") + metrics).not.toContain(key);
  });
}
