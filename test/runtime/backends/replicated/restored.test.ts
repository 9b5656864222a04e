import { afterEach, describe, expect, test } from "vitest";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, type Options, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
let goOn = (): void => {};
afterEach(async () => {
  goOn();
  await sides.close();
});

/**
 * Of three sessions a primary that was down comes back with what it had before: one that has ended since, an older
 * record of another, and nothing of the last. The comparison is held back until `goOn()`.
 */
async function restored(options: Options) {
  sides = openSides(options);
  const backend = sides.open();
  const at = (id: string) => recordAt(Date.now(), { id, tenant: "t", indexed: { userId: 7 } });
  const [ended, older] = [at("ended"), at("older")];
  const newer = nextOf(older);
  for (const record of [ended, older, at("lost")]) await backend.create(record);
  await backend.save(newer);
  await backend.delete("ended");
  expect(await backend.drain()).toBe(true);
  fail(sides.primaryPlan);
  for (let time = 0; time < 3; time += 1) await backend.load("lost");
  for (const id of ["older", "lost"]) await sides.primary.delete(id);
  for (const record of [ended, older]) await sides.primary.create(record);
  const wait = new Promise<void>((resolve) => (goOn = resolve));
  const begun = new Promise<void>((resolve) => {
    const scan = () => {
      resolve();
      return { wait };
    };
    heal(sides.primaryPlan);
    sides.primaryPlan.scan = scan;
    sides.secondaryPlan.scan = scan;
  });
  await begun;
  return { backend, newer };
}

const modes = ["async", "sync", "acknowledged"] as const;
const cases = modes.flatMap((mode) => (["read", "write"] as const).map((failover) => ({ mode, failover })));

describe.each(cases)(
  "until a primary that was restored is compared, $mode, failover $failover,",
  (options) => {
    test("what had ended has ended, and the newer record counts", async () => {
      const { backend, newer } = await restored(options);
      expect([await backend.load("ended"), await backend.exists("ended")]).toEqual([null, false]);
      expect(await backend.load("older")).toEqual(newer);
      expect((await backend.load("lost"))?.revision).toBe(1);
    });

    test("nothing is written over what is newer, or to what had ended", async () => {
      const { backend, newer } = await restored(options);
      const stale = await sides.primary.load("older");
      expect(await backend.save(nextOf(stale ?? newer))).toBe(false);
      expect(await backend.save(nextOf(newer))).toBe(true);
      expect((await sides.primary.load("older"))?.revision).toBe(3);
      const ended = await sides.primary.load("ended");
      expect(await backend.save(nextOf(ended ?? newer))).toBe(false);
      expect(await backend.touch("ended", 1, Date.now() + 9_000_000)).toBe(false);
      goOn();
      expect(await backend.drain()).toBe(true);
      expect(await liveOn(sides.primary)).toEqual(await liveOn(sides.secondary));
      expect([...(await liveOn(sides.primary)).keys()].sort()).toEqual(["lost", "older"]);
    });

    test("walks find each session once, those that the primary has lost too", async () => {
      const { backend } = await restored(options);
      const { find, list } = backend.abilities;
      for (const page of [
        (after: object) => find.find({ field: "userId", value: 7, limit: 1, ...after }),
        (after: object) => list.list({ tenant: "t", limit: 1, ...after }),
      ]) {
        const ids: string[] = [];
        let after: string | undefined;
        do {
          const { records, next } = await page(after === undefined ? {} : { after });
          ids.push(...records.map(({ id }) => id));
          after = next;
        } while (after !== undefined);
        expect(ids.sort()).toEqual(["lost", "older"]);
      }
    });
  },
);

test("what both are asked for at once, when its end leaves the primary between the two answers, has ended", async () => {
  sides = openSides({ failover: "write", deadline: 10 });
  const [backend, other] = [sides.open(), sides.open()];
  await backend.create(recordAt(Date.now()));
  await backend.drain();
  sides.secondaryPlan.save = "reject";
  expect(await backend.delete("one")).toBe(true);
  sides.primaryPlan.load = () => {
    delete sides.primaryPlan.load;
    return { wait: new Promise<void>((resolve) => (goOn = resolve)) };
  };
  const loaded = other.load("one");
  await new Promise((resolve) => setImmediate(resolve));
  heal(sides.secondaryPlan);
  await expect.poll(() => sides.primary.load("one")).toBeNull();
  goOn();
  expect(await loaded).toBeNull();
});
