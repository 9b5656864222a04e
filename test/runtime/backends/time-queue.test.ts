import { describe, expect, test } from "vitest";
import { TimeQueue } from "../../../runtime/backends/memory/time-queue.js";
import { createRandom } from "../../suites/damaged-bytes.js";

const all = Number.POSITIVE_INFINITY;

describe("a queue of ids by their times", () => {
  test("gives those that are due by the times that they have now, whatever became of them since they were added", () => {
    const random = createRandom(1);
    const below = (end: number): number => Math.floor(random() * end);
    const times = new Map<string, number>();
    const queue = new TimeQueue();
    for (let turn = 0; turn < 5000; turn += 1) {
      const id = `${below(40)}`;
      const before = times.get(id);
      if (before !== undefined && below(4) === 0) times.delete(id);
      else {
        const at = turn + below(1000);
        times.set(id, at);
        if (before === undefined || at < before) queue.add({ id, at });
      }
      expect(queue.earliest ?? all).toBeLessThanOrEqual(firstOf(times)?.at ?? all);
      const due = turn + below(500) - 250;
      const taken = queue.takeUntil((other) => times.get(other), { until: due, looks: all });
      for (const one of taken) {
        expect(one).toBe(firstOf(times)?.id);
        times.delete(one);
      }
      expect(firstOf(times)?.at ?? all).toBeGreaterThan(due);
    }
  });

  test("looks at none of those whose time is yet to come", () => {
    const queue = new TimeQueue();
    for (const at of [3, 1, 2]) queue.add({ id: `${at}`, at });
    const asked: string[] = [];
    const later = (id: string): number => {
      asked.push(id);
      return 10;
    };
    expect([...queue.takeUntil(later, { until: 2, looks: all })]).toEqual([]);
    expect([asked, queue.earliest]).toEqual([["1", "2"], 3]);
  });

  test("looks at no more than it may, and goes on from there", () => {
    const queue = new TimeQueue();
    for (let at = 0; at < 10_000; at += 1) queue.add({ id: `${at}`, at });
    queue.add({ id: "due", at: 10_000 });
    let looks = 0;
    const timeOf = (id: string): number => {
      looks += 1;
      return id === "due" ? 10_000 : 20_000;
    };
    const takePart = (): readonly string[] => [...queue.takeUntil(timeOf, { until: 10_000, looks: 3000 })];
    for (const soFar of [3000, 6000, 9000]) expect([takePart(), looks]).toEqual([[], soFar]);
    expect([takePart(), looks, queue.earliest]).toEqual([["due"], 10_001, 20_000]);
  });

  test("throws away what has no time that can be compared", () => {
    const queue = new TimeQueue();
    for (const at of [Number.NaN, 1]) queue.add({ id: "odd", at });
    expect([...queue.takeUntil(() => Number.NaN, { until: all, looks: all })]).toEqual([]);
    expect(queue.size).toBe(0);
  });
});

function firstOf(
  times: ReadonlyMap<string, number>,
): { readonly id: string; readonly at: number } | undefined {
  const entries = [...times].map(([id, at]) => ({ id, at }));
  return entries.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))[0];
}
