import { expect, test } from "vitest";
import { fakeClock } from "../../../runtime/testing/clock.js";

test("stands still until it is moved", () => {
  const clock = fakeClock(1000);
  expect([clock(), clock()]).toEqual([1000, 1000]);
  clock.advance("5m");
  expect(clock()).toBe(301_000);
  clock.advance(0.001);
  expect(clock()).toBe(301_001);
});

test("is set by a Date or by epoch milliseconds, backwards too", () => {
  const clock = fakeClock(new Date("2026-05-01T00:00:00Z"));
  expect(clock()).toBe(Date.UTC(2026, 4, 1));
  clock.set(new Date(5));
  expect(clock()).toBe(5);
  clock.set(7);
  expect(clock()).toBe(7);
});

test("refuses what is no duration", () => {
  expect(() => fakeClock().advance(-1)).toThrow(expect.objectContaining({ code: "config" }));
});
