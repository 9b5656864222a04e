import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextOf, recordAt } from "../cached/places.js";
import { fail, heal, liveOn, openSides } from "./two-sides.js";

let sides: ReturnType<typeof openSides>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  sides = openSides();
});
afterEach(async () => {
  vi.useRealTimers();
  await sides.close();
});

/** Longer than a side may take for one session. */
const long = 1000;

test("a page that takes long is waited for, and no outage, while the primary answers other questions", async () => {
  const backend = sides.open();
  const record = recordAt(Date.now(), { indexed: { userId: 7 } });
  await backend.create(record);
  let goOn = (): void => {};
  sides.primaryPlan.find = { wait: new Promise<void>((resolve) => (goOn = resolve)) };
  const found = backend.abilities.find.find({ field: "userId", value: 7, limit: 9 });
  await vi.advanceTimersByTimeAsync(long);
  expect(await backend.save(nextOf(record))).toBe(true);
  goOn();
  expect((await found).records.map(({ revision }) => revision)).toEqual([2]);
});

test("a page that takes long is asked of the secondary where the primary answers nothing else either", async () => {
  const backend = sides.open();
  const record = recordAt(Date.now(), { indexed: { userId: 7 } });
  await backend.create(record);
  fail(sides.primaryPlan, () => "hang");
  const found = backend.abilities.find.find({ field: "userId", value: 7, limit: 9 });
  await vi.advanceTimersByTimeAsync(long);
  expect((await found).records).toEqual([record]);
  heal(sides.primaryPlan);
});

test("a comparison whose pages take long ends all the same, and makes no side count as down", async () => {
  const backend = sides.open();
  fail(sides.secondaryPlan);
  const records = Array.from({ length: 5 }, (_, at) => recordAt(Date.now(), { id: `s${at}` }));
  for (const record of records) await backend.create(record);
  await vi.advanceTimersByTimeAsync(long);
  heal(sides.secondaryPlan);
  sides.primaryPlan.scan = { delay: long };
  sides.secondaryPlan.scan = { delay: long };
  for (let time = 0; time < 40; time += 1) {
    await vi.advanceTimersByTimeAsync(100);
    expect((await backend.load("s1"))?.revision).toBe(1);
    expect(await backend.touch("s1", 1, Date.now() + 9_000_000 + time)).toBe(true);
  }
  const drained = backend.drain();
  await vi.advanceTimersByTimeAsync(100);
  expect(await drained).toBe(true);
  expect(await liveOn(sides.secondary)).toEqual(await liveOn(sides.primary));
});
