import { describe, expect, it } from "vitest";
import { surround } from "../../../runtime/backends/layer.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSessions, type SessionEvent, type SessionHappening } from "../../../runtime/index.js";
import { type FailingPlan, failingBackend, fakeClock } from "../../../runtime/testing/index.js";
import { openShop, shopKind } from "../../suites/shop-kind.js";
import { mustLoad, openOver, stored } from "../fixture/open.js";
import { openKind } from "../record/stored-bytes.js";
import { createScraped } from "./scraped.js";

/** A sink that keeps what it is told, without what differs from run to run. */
function createEar() {
  const events: SessionEvent[] = [];
  const sink = (event: SessionEvent): void => void events.push(event);
  const of = (...types: readonly SessionHappening["type"][]): readonly object[] =>
    events
      .filter(({ type }) => types.includes(type))
      .map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== "handle")));
  return { events, sink, of };
}

const kind = "session";

describe("conflicts", () => {
  it("are counted for each write that another came before, of 50 at once", async () => {
    const scraped = createScraped();
    let refusals = 0;
    const backend = surround(createMemoryBackend(), async (method, call, options) => {
      const answer = await call(options);
      if (method === "save" && !answer) refusals += 1;
      return answer;
    });
    const { sessions } = openOver(backend, { sinks: [scraped.sink], deadline: "1m" });
    const key = await stored(sessions);
    const parallel = await Promise.all(Array.from({ length: 50 }, () => mustLoad(sessions, key)));
    await Promise.all(
      parallel.map((session) => {
        session.visits += 1;
        return session.save();
      }),
    );
    expect((await mustLoad(sessions, key)).visits).toBe(50);
    expect(refusals).toBeGreaterThanOrEqual(49);
    expect(await scraped.counts()).toMatchObject({
      'session_conflict_total{kind="session",outcome="retried"}': refusals,
      'session_size_bytes_count{kind="session"}': 51,
    });
  });

  it("are refused where the schema forbids to merge", async () => {
    const ear = createEar();
    const { sessions } = openOver(createMemoryBackend(), { sinks: [ear.sink] });
    const key = await stored(sessions);
    const [first, second] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    first.draft = "mine";
    second.draft = "theirs";
    await first.save();
    await expect(second.save()).rejects.toMatchObject({ code: "conflict" });
    expect(ear.of("conflict")).toEqual([
      { kind, type: "conflict", outcome: "retried" },
      { kind, type: "conflict", outcome: "refused" },
    ]);
  });

  it("are told of a change of key that another write came before", async () => {
    const ear = createEar();
    const { sessions } = openOver(createMemoryBackend(), { sinks: [ear.sink] });
    const key = await stored(sessions);
    const [first, second] = [await mustLoad(sessions, key), await mustLoad(sessions, key)];
    first.name = "Ada";
    await first.save();
    await second.cycleKey();
    expect(ear.of("conflict")).toEqual([{ kind, type: "conflict", outcome: "retried" }]);
  });
});

it("failures of the backend are counted by operation and code, and the look-up that failed is no access", async () => {
  const scraped = createScraped();
  const plan: FailingPlan = {};
  const sessions = openShop(failingBackend(createMemoryBackend(), plan), {
    sinks: [scraped.sink],
    deadline: 0.01,
  });
  const session = sessions.create({ visits: 1 });
  await session.save();
  Object.assign(plan, { load: "reject", save: "hang", create: "lose-answer" });
  await expect(sessions.load(session.key ?? "")).rejects.toMatchObject({ code: "unavailable" });
  session.visits += 1;
  await expect(session.save()).rejects.toMatchObject({ code: "timeout" });
  const other = sessions.create({ visits: 1 });
  await expect(other.save()).rejects.toMatchObject({ code: "unavailable" });
  plan.load = "pass";
  await other.save();
  expect(await scraped.counts()).toEqual({
    'session_created_total{kind="session"}': 2,
    'session_size_bytes_count{kind="session"}': 1,
    'session_backend_errors_total{kind="session",operation="load",code="unavailable"}': 1,
    'session_backend_errors_total{kind="session",operation="save",code="timeout"}': 1,
    'session_backend_errors_total{kind="session",operation="create",code="unavailable"}': 1,
  });
});

describe("a damaged record", () => {
  const damage = () => ({ data: new TextEncoder().encode("{") });

  it.each([["reset"], ["throw"]] as const)(
    "is invalid and a miss while onInvalid is %s",
    async (onInvalid) => {
      const ear = createEar();
      const { sessions, plant } = openKind({ onInvalid }, [ear.sink]);
      const key = await plant({ userId: 1 }, damage);
      expect(await sessions.load(key)).toBeNull();
      expect(ear.of("invalid")).toEqual([{ kind, type: "invalid", what: "record" }]);
      expect(ear.events.at(-1)).toMatchObject({ type: "accessed", isHit: false });
    },
  );

  it("is invalid too when it does not validate and that is an error", async () => {
    const ear = createEar();
    const { sessions, plant } = openKind({ onInvalid: "throw" }, [ear.sink]);
    const text = '{"meta":{"writes":""},"fields":{"userId":"one"}}';
    const key = await plant({ userId: 1 }, () => ({ data: new TextEncoder().encode(text) }));
    await expect(sessions.load(key)).rejects.toMatchObject({ code: "invalid" });
    expect(ear.of("invalid", "accessed")).toEqual([{ kind, type: "invalid", what: "record" }]);
  });
});

describe("an expired session", () => {
  it("counts as expired when it is presented and as deleted when it is cleaned up: each thing once", async () => {
    const ear = createEar();
    const place = createMemoryBackend({ clock: () => 0 });
    const { sessions, clock } = openOver(place, { sinks: [ear.sink] });
    const key = await stored(sessions);
    await stored(sessions);
    clock.advance("2h");
    await sessions.load(key);
    await sessions.cleanupExpired();
    await sessions.load(key);
    expect(ear.of("expired", "deleted")).toEqual([
      { kind, type: "expired" },
      { kind, type: "deleted", reason: "expired", count: 2 },
    ]);
    expect(ear.of("accessed")).toMatchObject([{ isHit: false }, { isHit: false }]);
  });

  it("is not told of where only a mark is left of it", async () => {
    const ear = createEar();
    const place = createMemoryBackend({ clock: () => 0 });
    const { sessions, clock } = openOver(place, { sinks: [ear.sink] });
    const key = await stored(sessions);
    await (await mustLoad(sessions, key)).cycleKey();
    clock.advance("10m");
    expect(await sessions.load(key)).toBeNull();
    expect(ear.of("expired")).toEqual([]);
  });
});

describe("the end of a session", () => {
  it("has its reason, and is told of once", async () => {
    const ear = createEar();
    const { sessions } = openOver(createMemoryBackend(), { sinks: [ear.sink] });
    const deleted = await stored(sessions);
    expect(await sessions.delete(deleted)).toBe(true);
    expect(await sessions.delete(deleted)).toBe(false);
    const flushed = await mustLoad(sessions, await stored(sessions));
    const twin = await mustLoad(sessions, flushed.key ?? "");
    await flushed.destroy();
    await twin.destroy();
    await sessions.create().destroy();
    await stored(sessions, { userId: 7 });
    await stored(sessions, { userId: 7 });
    expect(await sessions.revoke({ userId: 7 })).toBe(2);
    await stored(sessions);
    expect(await sessions.revokeAll()).toBe(1);
    const reasons = ear.of("deleted").map((event) => Reflect.get(event, "reason"));
    expect(reasons).toEqual(["explicit", "flushed", "revoked", "revoked", "revoked"]);
  });

  it("is an eviction where a full memory makes room, told to the kind that it was of, until the sessions are closed", async () => {
    const [shop, admin] = [createEar(), createEar()];
    const backend = createMemoryBackend({ maxSessions: 2 });
    const sessions = openShop(backend, { sinks: [shop.sink] });
    const admins = openSessions(
      { ...shopKind, name: "adminSession" },
      { backend, sinks: [admin.sink] },
      () => backend,
    );
    const first = sessions.create({ visits: 1 });
    await first.save();
    const { handle } = first;
    for (let count = 0; count < 2; count += 1) await sessions.create({ visits: 1 }).save();
    expect(shop.events.filter(({ type }) => type === "deleted")).toEqual([
      { kind, type: "deleted", reason: "evicted", count: 1, handle },
    ]);
    expect(admin.events).toEqual([]);
    await sessions.close();
    await admins.create({ visits: 1 }).save();
    expect(shop.of("deleted")).toHaveLength(1);
  });

  it("is told of once where the same kind was opened twice, to the one that was opened last and is not closed", async () => {
    const backend = createMemoryBackend({ maxSessions: 1 });
    const [first, last] = [createEar(), createEar()];
    const sessions = openShop(backend, { sinks: [first.sink] });
    const reopened = openShop(backend, { sinks: [last.sink] });
    for (let count = 0; count < 3; count += 1) await sessions.create({ visits: 1 }).save();
    expect([first.of("deleted"), last.of("deleted")].map(({ length }) => length)).toEqual([0, 2]);
    await reopened.close();
    await sessions.create({ visits: 1 }).save();
    expect([first.of("deleted"), last.of("deleted")].map(({ length }) => length)).toEqual([1, 2]);
  });

  it("is an eviction too where a tenant's oldest makes room", async () => {
    const clock = fakeClock();
    const backend = createMemoryBackend({ clock });
    const evicted: string[] = [];
    backend.onEviction?.(({ id }) => evicted.push(id));
    const record = {
      tenant: "acme",
      header: "",
      data: new Uint8Array(),
      revision: 1,
      writeId: "",
      indexed: {},
    };
    const times = { createdAt: clock(), expiresAt: clock() + 1000 };
    for (const id of ["a", "b"]) {
      const limit = { tenant: "acme", max: 1, onLimit: "oldest" } as const;
      await backend.abilities.limit.createWithin({ ...record, ...times, id }, limit);
    }
    expect(evicted).toEqual(["a"]);
  });
});
