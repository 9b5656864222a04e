import { afterEach, describe, expect, test } from "vitest";
import type { FailingPlan } from "../../../../runtime/testing/index.js";
import { openShop } from "../../../suites/shop-kind.js";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, type Options, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
afterEach(() => sides.close());

const modes = ["async", "sync", "acknowledged"] as const;

describe.each(modes)("a deletion, %s", (mode) => {
  const start = (options: Options = {}) => {
    sides = openSides({ mode, ...options });
    return sides.open();
  };

  test("leaves a tombstone on the secondary, and nothing on the primary", async () => {
    const backend = start();
    const record = recordAt(Date.now(), { tenant: "t", indexed: { userId: 1 } });
    await backend.create(record);
    await backend.drain();
    expect([await backend.delete("one"), await backend.delete("one")]).toEqual([true, false]);
    expect(await backend.drain()).toBe(true);
    expect(await sides.primary.load("one")).toBeNull();
    expect(await sides.secondary.load("one")).toMatchObject({
      header: "tombstone",
      tenant: null,
      indexed: {},
      data: new Uint8Array(),
    });
    const pages = await Promise.all([
      backend.abilities.scan.scan({ limit: 9 }),
      backend.abilities.list.list({ tenant: null, limit: 9 }),
      backend.abilities.find.find({ field: "userId", value: null, limit: 9 }),
    ]);
    expect(pages.flatMap(({ records }) => records)).toEqual([]);
    fail(sides.primaryPlan);
    expect([await backend.load("one"), await backend.exists("one")]).toEqual([null, false]);
    expect((await backend.abilities.scan.scan({ limit: 9 })).records).toEqual([]);
  });

  test("is final though the secondary throws, also for other processes, and when it is back", async () => {
    const backend = start();
    const other = sides.open();
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    fail(sides.secondaryPlan);
    expect(await backend.delete("one")).toBe(true);
    expect([await backend.load("one"), await other.load("one"), await other.exists("one")]).toEqual([
      null,
      null,
      false,
    ]);
    expect(await other.save(nextOf(record))).toBe(false);
    heal(sides.secondaryPlan);
    expect(await other.load("one")).toBeNull();
    expect(await backend.drain()).toBe(true);
    expect([await liveOn(sides.primary), await liveOn(sides.secondary)]).toEqual([new Map(), new Map()]);
    fail(sides.primaryPlan);
    expect(await other.load("one")).toBeNull();
  });

  test("has reached both sides when it is answered, whatever becomes of the process", async () => {
    const backend = start();
    await backend.create(recordAt(Date.now()));
    await backend.drain();
    expect(await backend.delete("one")).toBe(true);
    expect(await sides.secondary.load("one")).toMatchObject({ header: "tombstone" });
    fail(sides.primaryPlan);
    expect(await sides.open().load("one")).toBeNull();
  });

  test("of a session that the primary has lost is final, also while the secondary is down", async () => {
    const backend = start();
    await backend.create(recordAt(Date.now()));
    await backend.drain();
    await sides.primary.delete("one");
    fail(sides.secondaryPlan);
    await backend.delete("one");
    expect(await sides.primary.load("one")).toMatchObject({ header: "tombstone" });
    heal(sides.secondaryPlan);
    expect(await sides.open().load("one")).toBeNull();
    expect(await backend.drain()).toBe(true);
    expect([await liveOn(sides.primary), await liveOn(sides.secondary)]).toEqual([new Map(), new Map()]);
  });

  test("that only the primary has, since a process died, is passed on by who reads it", async () => {
    const backend = start();
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    await sides.primary.save({ ...nextOf(record), header: "tombstone" });
    expect(await backend.load("one")).toBeNull();
    expect(await backend.drain()).toBe(true);
    expect(await sides.secondary.load("one")).toMatchObject({ header: "tombstone" });
    expect(await sides.primary.load("one")).toBeNull();
  });

  test("is not undone by a copy that was on its way to a secondary that was behind", async () => {
    const backend = start();
    const other = sides.open();
    const record = recordAt(Date.now());
    const second = nextOf(record);
    const third = nextOf(second);
    await backend.create(record);
    await backend.drain();
    await sides.primary.save(second);
    let go = (): void => {};
    const late = new Promise<void>((resolve) => (go = resolve));
    sides.secondaryPlan.save = [{ wait: late }];
    const saved = backend.save(third).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect([await other.delete("one"), await other.drain()]).toEqual([true, true]);
    go();
    await saved;
    expect(await backend.drain()).toBe(true);
    expect([await backend.load("one"), await liveOn(sides.secondary)]).toEqual([null, new Map()]);
  });

  test("is not undone by a copy that looked at the sides before and after it", async () => {
    const backend = start({ deadline: 10 });
    const other = sides.open();
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    // What it asks for at its first call is asked before.
    await backend.load("one");
    await new Promise((resolve) => setImmediate(resolve));
    let go = (): void => {};
    const wait = new Promise<void>((resolve) => (go = resolve));
    const looking = new Promise<void>((resolve) => {
      sides.primaryPlan.load = () => {
        delete sides.primaryPlan.load;
        resolve();
        return { wait };
      };
    });
    const touched = backend.touch("one", 1, record.expiresAt + 1);
    await looking;
    // What it asks for at the same time is answered.
    await new Promise((resolve) => setImmediate(resolve));
    expect([await other.delete("one"), await other.drain()]).toEqual([true, true]);
    let creations = 0;
    sides.primaryPlan.create = () => {
      creations += 1;
      return "pass";
    };
    go();
    await touched;
    expect(await backend.drain()).toBe(true);
    expect([creations, await backend.load("one")]).toEqual([0, null]);
  });

  test("while the primary is down is refused, and done all the same", async () => {
    const backend = start();
    await backend.create(recordAt(Date.now()));
    await backend.drain();
    fail(sides.primaryPlan);
    await expect(backend.delete("one")).rejects.toMatchObject({ code: "unavailable" });
    expect(await backend.load("one")).toBeNull();
    heal(sides.primaryPlan);
    expect(await backend.drain()).toBe(true);
    expect([await sides.primary.load("one"), await backend.load("one")]).toEqual([null, null]);
  });

  test("beats every write of a partition", async () => {
    const backend = start({ failover: "write" });
    const record = recordAt(Date.now());
    await backend.create(record);
    await backend.drain();
    fail(sides.primaryPlan);
    expect(await backend.delete("one")).toBe(true);
    expect(await backend.save(nextOf(record))).toBe(false);
    await sides.primary.save(nextOf(record));
    heal(sides.primaryPlan);
    expect(await backend.drain()).toBe(true);
    expect([await sides.primary.load("one"), await backend.load("one")]).toEqual([null, null]);
  });
});

test.each(modes)("raced with writes of three processes and failures, %s, revives nothing", async (mode) => {
  sides = openSides({ mode, failover: "read" });
  const processes = [sides.open(), sides.open(), sides.open()];
  const flap = (plan: FailingPlan) =>
    fail(plan, () => (Math.random() < 0.2 ? "reject" : Math.random() < 0.1 ? "lose-answer" : "pass"));
  const deleted: string[] = [];
  await Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const id = `s${at}`;
      const [one, two, three] = processes;
      let record = recordAt(Date.now(), { id });
      await one?.create(record);
      if (at === 50) flap(sides.secondaryPlan);
      const write = async () => {
        for (let time = 0; time < 5; time += 1) {
          record = nextOf(record);
          await two?.save(record).catch(() => {});
          await two?.touch(id, record.revision, record.expiresAt + time).catch(() => {});
        }
      };
      const isDeleted = three?.delete(id).catch(() => null);
      await write();
      if ((await isDeleted) !== null) deleted.push(id);
      await write();
    }),
  );
  heal(sides.secondaryPlan);
  for (const backend of processes) expect(await backend.drain("5s")).toBe(true);
  expect(deleted.length).toBe(100);
  for (const id of deleted) for (const backend of processes) expect(await backend.load(id)).toBeNull();
  expect([await liveOn(sides.primary), await liveOn(sides.secondary)]).toEqual([new Map(), new Map()]);
});

test("logging out of sessions is final though the secondary throws", async () => {
  sides = openSides();
  const sessions = openShop(sides.open());
  const session = sessions.create({ userId: 1 });
  await session.save();
  const key = session.key ?? "";
  fail(sides.secondaryPlan);
  await session.destroy();
  expect(await sessions.load(key)).toBeNull();
  expect(await openShop(sides.open()).load(key)).toBeNull();
  heal(sides.secondaryPlan);
});
