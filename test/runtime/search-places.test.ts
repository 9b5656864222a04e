import { expect, test } from "vitest";
import { openStateful, statefulPlaces } from "../suites/stateful-places.js";
import { mustLoad, openOver, stored } from "./fixture/open.js";

test.each(Object.entries(statefulPlaces))(
  "%s: a user's sessions are found, counted and ended but for one, and nobody else's",
  async (_name, open) => {
    const place = await openStateful(open);
    // Finer than any store's milliseconds, as `performance` tells the time.
    const { sessions } = openOver(place, { clock: () => Date.now() + 0.25, deadline: "20s" });
    const user = { userId: 7 };
    const keys = await Promise.all([1, 2, 3, 4].map((visits) => stored(sessions, { ...user, visits })));
    const others = await Promise.all([undefined, 8].map((userId) => stored(sessions, { userId })));
    expect([await sessions.count(user), await sessions.count()]).toEqual([4, 6]);
    const found: number[] = [];
    for await (const { data } of sessions.find(user)) found.push(data.visits);
    expect(found.sort()).toEqual([1, 2, 3, 4]);
    const kept = await mustLoad(sessions, keys[1] ?? "");
    kept.visits += 10;
    await kept.cycleKey();
    await kept.touch();
    expect(await sessions.revoke(user, { except: kept })).toBe(3);
    for (const key of keys) expect(await sessions.load(key)).toBeNull();
    expect((await mustLoad(sessions, kept.key ?? "")).visits).toBe(12);
    expect(await sessions.revoke({ ...user, handle: kept.handle ?? "" })).toBe(1);
    expect([await sessions.count(user), await sessions.load(kept.key ?? "")]).toEqual([0, null]);
    for (const key of others) await mustLoad(sessions, key);
    expect([await sessions.revokeAll(), await sessions.count()]).toEqual([2, 0]);
  },
);
