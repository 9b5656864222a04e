import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { type FailingPlan, failingBackend, fakeClock } from "../../../runtime/testing/index.js";
import { openRevocableShop, type SealedShop } from "../../suites/sealed-shop.js";
import type { ShopSession } from "../../suites/shop-kind.js";

interface Faulty extends SealedShop {
  readonly plan: FailingPlan;
  readonly key: string;
  readonly session: ShopSession;
}

/** A stored session whose revocation backend fails by a plan. */
async function openFaulty(): Promise<Faulty> {
  const clock = fakeClock();
  const plan: FailingPlan = {};
  const shop = openRevocableShop({ clock, revocation: failingBackend(createMemoryBackend({ clock }), plan) });
  const session = shop.sessions.create({ userId: 42 });
  await session.save();
  const key = session.key ?? "";
  const loaded = await shop.sessions.load(key);
  if (loaded === null) throw new Error("there is no such session");
  return { ...shop, plan, key, session: loaded };
}

describe("a sealed session whose answer was lost", () => {
  it("by a logout is over, and the logout tried again is no failure", async () => {
    const { plan, session, sessions, key } = await openFaulty();
    plan.create = ["lose-answer"];
    await expect(session.destroy()).rejects.toMatchObject({ code: "unavailable" });
    await sessions.commit(session);
    expect(await sessions.load(key)).toBeNull();
  });

  it("by a change of key goes on under the new one when it is tried again", async () => {
    const { plan, session, sessions, key } = await openFaulty();
    plan.create = ["lose-answer"];
    session.theme = "dark";
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
    await session.cycleKey();
    expect(session.key).not.toBe(key);
    expect(await sessions.load(session.key ?? "")).toMatchObject({ userId: 42, theme: "dark" });
    expect(await sessions.load(key)).toBeNull();
  });

  it("by a change of key that was then ended elsewhere stays ended", async () => {
    const { plan, session, sessions, key } = await openFaulty();
    plan.create = ["lose-answer"];
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
    expect(await sessions.revoke({ handle: session.handle ?? "" })).toBe(1);
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "gone" });
    expect([session.key, await sessions.load(key)]).toEqual([null, null]);
  });

  it("by a change of key is good again for the old one after a while, for as long as it lives", async () => {
    for (const [seconds, isOpen] of [
      [0.001, false],
      [10, true],
      [120, true],
      [3500, true],
      [3601, false],
    ] as const) {
      const { plan, session, sessions, key, clock } = await openFaulty();
      plan.create = ["lose-answer"];
      await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
      clock.advance(seconds);
      expect([seconds, (await sessions.load(key)) !== null]).toEqual([seconds, isOpen]);
    }
  });

  it("by a login opens nothing of that for the old key, which dies with the first answer to the new one", async () => {
    const { plan, session, sessions, key, clock } = await openFaulty();
    plan.save = ["reject"];
    session.userId = 43;
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
    clock.advance("11s");
    expect((await sessions.load(key))?.userId).toBe(42);
    const next = await sessions.fromCookie(`__Host-session=${session.key}`);
    expect(next.userId).toBe(43);
    const headers = await sessions.commit(next);
    expect(headers.find(([name]) => name === "Set-Cookie")?.[1]).toContain(next.key);
    expect(await sessions.load(key)).toBeNull();
    expect((await sessions.load(next.key ?? ""))?.userId).toBe(43);
  });

  it("by the end of a change of key is told so again, until the app or the end of its request has done it", async () => {
    for (const how of ["save", "commit"] as const) {
      const { plan, session, sessions, key, clock } = await openFaulty();
      plan.save = ["reject"];
      await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
      if (how === "save") await session.save();
      else await sessions.commit(session);
      clock.advance("11s");
      expect(await sessions.load(key)).toBeNull();
      expect((await sessions.load(session.key ?? ""))?.userId).toBe(42);
    }
  });

  it("by the end of a change of key is over with a logout, whoever leaves", async () => {
    for (const leaves of ["old", "new"] as const) {
      const { plan, session, sessions, key, clock } = await openFaulty();
      plan.save = ["reject"];
      await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
      clock.advance("11s");
      const leaving = await sessions.load(leaves === "old" ? key : (session.key ?? ""));
      await leaving?.destroy();
      expect([await sessions.load(key), await sessions.load(session.key ?? "")]).toEqual([null, null]);
    }
  });

  it("by a periodic change of key stays open for the old one", async () => {
    const { plan, sessions, key, clock } = await openFaulty();
    clock.advance("59m");
    const touched = await sessions.load(key);
    await touched?.touch();
    clock.advance("2m");
    plan.create = ["lose-answer"];
    const due = await sessions.load(touched?.key ?? "");
    if (due === null) throw new Error("it has ended");
    await expect(sessions.commit(due)).rejects.toMatchObject({ code: "unavailable" });
    expect(await sessions.load(touched?.key ?? "")).toMatchObject({ userId: 42 });
  });

  it("by the end of a change of key goes on under the new one", async () => {
    const { plan, session, sessions, key } = await openFaulty();
    plan.save = ["reject"];
    await expect(session.cycleKey()).rejects.toMatchObject({ code: "unavailable" });
    expect(session.key).not.toBe(key);
    expect(await sessions.load(session.key ?? "")).toMatchObject({ userId: 42 });
    const headers = await sessions.commit(session, { status: 503, failed: true });
    expect(headers.find(([name]) => name === "Set-Cookie")?.[1]).toContain(session.key);
  });
});

describe("a sealed session whose revocation backend is down", () => {
  it("is unavailable, never anonymous, and neither written nor ended in silence", async () => {
    const { plan, sessions, key } = await openFaulty();
    const session = await sessions.fromCookie(`__Host-session=${key}`);
    for (const method of ["create", "load", "save"] as const) plan[method] = "reject";
    const unavailable = { code: "unavailable" };
    await expect(sessions.load(key)).rejects.toMatchObject(unavailable);
    await expect(sessions.fromCookie(`__Host-session=${key}`)).rejects.toMatchObject(unavailable);
    await expect(sessions.revoke({ handle: session.handle ?? "" })).rejects.toMatchObject(unavailable);
    session.theme = "dark";
    await expect(session.save()).rejects.toMatchObject(unavailable);
    await expect(session.destroy()).rejects.toMatchObject(unavailable);
    const headers = await sessions.commit(session, { status: 503, failed: true });
    expect(headers.find(([name]) => name === "Set-Cookie")?.[1]).toContain("Max-Age=0");
  });
});

describe("a logout of a sealed session", () => {
  it("raced with a change of key, a revocation and a save, a thousand times, revives nothing", async () => {
    const { sessions } = openRevocableShop();
    for (let round = 0; round < 1000; round += 1) {
      const first = sessions.create({ userId: 42 });
      await first.save();
      const key = first.key ?? "";
      const open = async (): Promise<ShopSession> => sessions.open(key);
      const all = [await open(), await open(), await open(), await open()] as const;
      const [cycling, saving, leaving, touching] = all;
      saving.theme = "dark";
      const turns = [
        () => cycling.cycleKey(),
        () => saving.save(),
        () => (round % 2 === 0 ? leaving.destroy() : sessions.revoke({ handle: leaving.handle ?? "" })),
        () => touching.touch(),
      ];
      const shift = round % turns.length;
      await Promise.allSettled([...turns.slice(shift), ...turns.slice(0, shift)].map((turn) => turn()));
      for (const session of [first, ...all]) {
        if (session.key !== null) expect(await sessions.load(session.key)).toBeNull();
      }
      expect(await sessions.load(key)).toBeNull();
    }
  });
});
