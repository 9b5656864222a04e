import { describe, expect, test } from "vitest";
import { TimeQueue } from "../../../runtime/backends/memory/time-queue.js";
import { createRandom } from "../../suites/damaged-bytes.js";

describe("a queue of ids by their times", () => {
  test("has the first by the times that they have now, whatever became of them since they were added", () => {
    const random = createRandom(1);
    const below = (end: number): number => Math.floor(random() * end);
    const times = new Map<string, number>();
    const queue = new TimeQueue();
    for (let turn = 0; turn < 5000; turn += 1) {
      const id = `${below(40)}`;
      const before = times.get(id);
      if (before !== undefined && below(4) === 0) times.delete(id);
      else {
        const at = below(1000);
        times.set(id, at);
        if (before === undefined || at < before) queue.add({ id, at });
      }
      const until = below(500);
      const expected = firstOf(times);
      expect(queue.earliest ?? 1000).toBeLessThanOrEqual(expected?.at ?? 1000);
      expect(queue.first((other) => times.get(other), until)).toEqual(
        expected !== undefined && expected.at <= until ? expected : undefined,
      );
      if (turn % 5 === 0) expect(queue.first((other) => times.get(other))).toEqual(expected);
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
    expect([queue.first(later, 2), asked, queue.earliest]).toEqual([undefined, ["1", "2"], 3]);
  });

  test("throws away what has no time that can be compared", () => {
    const queue = new TimeQueue();
    for (const at of [Number.NaN, 1]) queue.add({ id: "odd", at });
    expect([queue.first(() => Number.NaN), queue.size]).toEqual([undefined, 0]);
  });
});

function firstOf(
  times: ReadonlyMap<string, number>,
): { readonly id: string; readonly at: number } | undefined {
  const all = [...times].map(([id, at]) => ({ id, at }));
  return all.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))[0];
}
