import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionRecord } from "../../../../runtime/types/backend.js";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
let goOn = (): void => {};
type Place = ReturnType<typeof openSides>["primary"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  sides = openSides();
});
afterEach(async () => {
  goOn();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await sides.close();
});

/** Longer than from one heartbeat to the next. */
const beat = 6000;

async function recordsOf(side: Place): Promise<readonly SessionRecord[]> {
  return (await side.abilities.scan.scan({ limit: 100 })).records;
}

async function numbersOf(side: Place): Promise<readonly SessionRecord[]> {
  return (await recordsOf(side)).filter(({ id }) => id.startsWith("session-gen"));
}

/** Puts a side back to what it had, as a restart with a backup does; nobody's call fails. */
async function restore(side: Place, backup: readonly SessionRecord[]): Promise<void> {
  for (const { id } of await recordsOf(side)) await side.delete(id);
  for (const record of backup) await side.create(record);
}

/** A session that ends, and one that begins, after the primary was copied away. */
async function run() {
  const backend = sides.open();
  const at = (id: string) => recordAt(Date.now(), { id, indexed: { userId: 7 } });
  await backend.create(at("ended"));
  await backend.create(at("older"));
  await backend.load("ended");
  await vi.advanceTimersByTimeAsync(beat);
  const backup = await recordsOf(sides.primary);
  await backend.delete("ended");
  await backend.create(at("lost"));
  const older = await backend.load("older");
  const newer = older && nextOf(older);
  if (newer) await backend.save(newer);
  await vi.advanceTimersByTimeAsync(beat);
  return { backend, backup, newer };
}

function holdComparison(): void {
  const wait = new Promise<void>((resolve) => (goOn = resolve));
  sides.primaryPlan.scan = () => ({ wait });
  sides.secondaryPlan.scan = () => ({ wait });
}

describe.each(["read", "write"] as const)(
  'a primary that was restored though no call failed, "%s",',
  (failover) => {
    beforeEach(() => {
      sides = openSides({ failover });
    });

    test("is not believed by a process that starts then, nor by the next one, until it was compared", async () => {
      const { backup, newer } = await run();
      await restore(sides.primary, backup);
      holdComparison();
      for (const started of [sides.open(), sides.open()]) {
        expect(await started.load("ended")).toBeNull();
        expect(await started.load("older")).toEqual(newer);
        await vi.advanceTimersByTimeAsync(beat);
        expect(await started.load("ended")).toBeNull();
      }
      goOn();
      await vi.advanceTimersByTimeAsync(beat);
      expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
      expect([...(await liveOn(sides.primary)).keys()].sort()).toEqual(["lost", "older"]);
    });

    test("is asked alone again afterwards, and a second restoration is noticed too", async () => {
      const { backend, backup } = await run();
      for (let time = 0; time < 2; time += 1) {
        await restore(sides.primary, backup);
        await vi.advanceTimersByTimeAsync(2 * beat);
        expect(await sides.primary.load("ended")).toBeNull();
        let asked = 0;
        const count = () => {
          asked += 1;
          return "pass" as const;
        };
        sides.secondaryPlan.load = count;
        sides.secondaryPlan.scan = count;
        expect(await backend.load("lost")).not.toBeNull();
        expect(asked).toBe(failover === "read" ? 0 : 1);
        delete sides.secondaryPlan.load;
        asked = 0;
        await vi.advanceTimersByTimeAsync(beat);
        expect(asked).toBe(0);
      }
    });

    test("is found out by a running process within seconds", async () => {
      const { backend, backup, newer } = await run();
      await restore(sides.primary, backup);
      await vi.advanceTimersByTimeAsync(beat);
      expect(await backend.load("ended")).toBeNull();
      expect(await backend.load("older")).toEqual(newer);
    });

    test("is found out at once where a call did fail", async () => {
      const { backend, backup } = await run();
      sides.primaryPlan.load = () => {
        delete sides.primaryPlan.load;
        return "reject";
      };
      expect(await backend.load("ended")).toBeNull();
      await restore(sides.primary, backup);
      holdComparison();
      expect(await backend.load("ended")).toBeNull();
    });

    test("hides no session from a process that starts then and looks for those of a user", async () => {
      await run();
      await restore(sides.primary, []);
      holdComparison();
      const ids: string[] = [];
      let after: string | undefined;
      const { find } = sides.open().abilities;
      do {
        const page = await find.find({ field: "userId", value: 7, limit: 1, ...(after && { after }) });
        ids.push(...page.records.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(ids.sort()).toEqual(["lost", "older"]);
    });

    test("takes no write of a process that starts then over what is newer", async () => {
      const { backup, newer } = await run();
      await restore(sides.primary, backup);
      holdComparison();
      const [older] = backup.filter(({ id }) => id === "older");
      expect(older?.revision).toBe(1);
      expect(older && (await sides.open().save(nextOf(older)))).toBe(false);
      expect(newer && (await sides.open().save(nextOf(newer)))).toBe(true);
    });
  },
);

describe("while the secondary is down as well", () => {
  const unavailable = expect.objectContaining({ code: "unavailable" });

  test("a primary that was set back answers nothing", async () => {
    // One number is raised between the copy and its return.
    vi.spyOn(Math, "random").mockReturnValueOnce(0).mockReturnValue(1);
    const { backend, backup } = await run();
    fail(sides.secondaryPlan);
    await restore(sides.primary, backup);
    fail(sides.primaryPlan);
    for (let time = 0; time < 3; time += 1) await backend.load("ended").catch(() => {});
    heal(sides.primaryPlan);
    await vi.advanceTimersByTimeAsync(beat);
    const { find, scan } = backend.abilities;
    await expect(backend.load("ended")).rejects.toEqual(unavailable);
    await expect(find.find({ field: "userId", value: 7, limit: 9 })).rejects.toEqual(unavailable);
    heal(sides.secondaryPlan);
    await vi.advanceTimersByTimeAsync(beat);
    expect(await backend.load("ended")).toBeNull();
    expect((await scan.scan({ limit: 9 })).records.length).toBe(2);
  });

  test("a primary is believed for longer than its number would be kept", async () => {
    sides = openSides({ absolute: 10 });
    const backend = sides.open();
    await backend.load("one");
    await vi.advanceTimersByTimeAsync(beat);
    fail(sides.secondaryPlan);
    await vi.advanceTimersByTimeAsync(25_000);
    await backend.create(recordAt(Date.now(), { id: "new" }));
    for (let time = 0; time < 4; time += 1) {
      expect(await backend.load("new")).not.toBeNull();
      expect(await backend.load("one")).toBeNull();
      await vi.advanceTimersByTimeAsync(beat);
    }
  });

  test("a primary that comes back with all that it had is believed", async () => {
    const { backend, newer } = await run();
    fail(sides.secondaryPlan);
    fail(sides.primaryPlan);
    for (let time = 0; time < 3; time += 1) await backend.load("older").catch(() => {});
    heal(sides.primaryPlan);
    await vi.advanceTimersByTimeAsync(beat);
    const { find } = backend.abilities;
    expect(await backend.load("older")).toEqual(newer);
    expect((await find.find({ field: "userId", value: 7, limit: 9 })).records.length).toBe(2);
    heal(sides.secondaryPlan);
    await vi.advanceTimersByTimeAsync(beat);
  });
});

test("a secondary that comes back empty though no call has failed is filled", async () => {
  await run();
  await restore(sides.secondary, []);
  await vi.advanceTimersByTimeAsync(beat);
  expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
});

test("what both sides keep for it is seen by nobody, and compared with nothing", async () => {
  const { backend } = await run();
  const [kept, copied] = await Promise.all([sides.primary, sides.secondary].map(numbersOf));
  expect(kept).toMatchObject([{ tenant: null, indexed: {} }]);
  expect(copied).toEqual(kept);
  const { scan, list } = backend.abilities;
  for (const page of [await scan.scan({ limit: 9 }), await list.list({ tenant: null, limit: 9 })])
    expect(page.records.map(({ id }) => id).sort()).toEqual(["lost", "older"]);
  fail(sides.primaryPlan);
  await vi.advanceTimersByTimeAsync(beat);
  expect((await scan.scan({ limit: 9 })).records.length).toBe(2);
  heal(sides.primaryPlan);
  await vi.advanceTimersByTimeAsync(beat);
  expect(await backend.load("ended")).toBeNull();
});

test("a process that ends at once leaves no number", async () => {
  const backend = sides.open();
  await backend.create(recordAt(Date.now(), { id: "one" }));
  await backend.load("one");
  await vi.advanceTimersByTimeAsync(1000);
  expect(await numbersOf(sides.primary)).toEqual([]);
  await vi.advanceTimersByTimeAsync(beat);
  expect(await numbersOf(sides.primary)).toHaveLength(1);
});
