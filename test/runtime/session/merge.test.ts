import { describe, expect, test } from "vitest";
import { applyChanges, type MergeStrategy } from "../../../runtime/session/merge.js";
import type { WireValue } from "../../../runtime/types/shape.js";
import { cookieOf, mustLoad, openTwice } from "../fixture/open.js";

type Case = readonly [
  base: WireValue | undefined,
  mine: WireValue | undefined,
  theirs: WireValue | undefined,
];

function merge(
  strategy: MergeStrategy,
  [base, mine, theirs]: Case,
  initial?: WireValue,
): WireValue | undefined {
  const rules = {
    strategyOf: () => strategy,
    defaultOf: () => initial,
    nameOf: (name: string) => name,
    filled: (_name: string, value: WireValue) => value,
  };
  return applyChanges(theirs === undefined ? {} : { f: theirs }, [{ field: "f", base, mine }], rules)["f"];
}

const table: readonly [MergeStrategy, Case, WireValue | undefined, WireValue?][] = [
  ["replace", [1, 2, 1], 2],
  ["replace", [1, 2, 3], 2],
  ["replace", [1, undefined, 3], undefined],
  ["replace", [1, 2, undefined], 2],
  ["sum", [1, 3, 1], 3],
  ["sum", [1, 3, 10], 12],
  ["sum", [5, 3, 10], 8],
  ["sum", [undefined, 2, 3], 5, 0],
  ["sum", [undefined, 11, 12], 13, 10],
  ["sum", [5, 7, undefined], 2, 0],
  ["sum", [5, 7, undefined], 12, 10],
  ["sum", [5, undefined, 9], undefined],
  ["sum", [2n, 5n, 10n], 13n],
  ["sum", [undefined, 5n, 10n], 15n],
  ["append", [["a"], ["a", "m"], ["a", "t"]], ["a", "t", "m"]],
  ["append", [["a"], ["a", "m"], []], ["m"]],
  ["append", [undefined, ["m"], ["t"]], ["t", "m"], []],
  ["append", [["a", "b"], ["b"], ["a", "b", "t"]], ["b"]],
  ["append", [["a"], ["m", "a"], ["a", "t"]], ["m", "a"]],
  ["append", [["a"], ["a", "m"], undefined], ["m"]],
  ["append", [["a"], undefined, ["a", "t"]], undefined],
  ["append", [["a"], [], ["a", "t"]], []],
  ["append", [[{ k: 1 }], [{ k: 1 }, { k: 2 }], [{ k: 1 }, { k: 3 }]], [{ k: 1 }, { k: 3 }, { k: 2 }]],
  ["union", [["a"], ["a", "m"], ["a", "t"]], ["a", "t", "m"]],
  ["union", [["a", "b"], ["a"], ["a", "b", "t"]], ["a", "t"]],
  ["union", [["a"], ["a", "x"], ["a", "x"]], ["a", "x"]],
  ["union", [["a"], ["a", "m"], []], ["m"]],
  ["union", [undefined, ["m"], ["t"]], ["t", "m"]],
  ["union", [[{ k: 1 }], [{ k: 1 }, { k: 2 }], [{ k: 1 }, { k: 2 }]], [{ k: 1 }, { k: 2 }]],
  ["union", [["a"], undefined, ["a", "t"]], undefined],
  ["reject", [1, 2, 1], 2],
  ["reject", [1, undefined, 1], undefined],
];

test.each(table)("%s of base, mine, theirs %o is %o", (strategy, values, merged, initial) => {
  expect(merge(strategy, values, initial)).toEqual(merged);
});

test.each<Case>([
  [1, 2, 3],
  [1, undefined, 3],
  [1, 2, undefined],
  [undefined, 2, 3],
])("reject refuses %o, %o, %o", (...values) => {
  expect(() => merge("reject", values)).toThrow(
    expect.objectContaining({ code: "conflict", details: { fields: ["f"] } }),
  );
});

test("fields that I did not change, and unknown ones, are theirs", () => {
  const rules = {
    strategyOf: () => "replace" as const,
    defaultOf: () => undefined,
    nameOf: String,
    filled: (_name: string, value: WireValue) => value,
  };
  const merged = applyChanges({ a: 2, unknown: 3 }, [{ field: "b", base: undefined, mine: 1 }], rules);
  expect({ ...merged }).toEqual({ a: 2, b: 1, unknown: 3 });
});

describe("two requests at once", () => {
  test("each strategy, in one save that was refused", async () => {
    const { first, second, load } = await openTwice({ visits: 1, tags: ["a", "b"], name: "x", points: 1n });
    first.visits += 2;
    first.cart.push({ sku: "f", quantity: 1 });
    first.tags = ["a", "f"];
    first.name = "first";
    first.points += 5n;
    await first.save();
    second.visits += 10;
    second.cart.push({ sku: "s", quantity: 1 });
    second.tags.push("s");
    second.theme = "dark";
    second.points += 1n;
    await second.save();
    const expected = {
      visits: 13,
      cart: [
        { sku: "f", quantity: 1 },
        { sku: "s", quantity: 1 },
      ],
      tags: ["a", "f", "s"],
      name: "first",
      theme: "dark",
      points: 7n,
    };
    expect((await load()).toObject()).toEqual(expected);
    expect(second.toObject()).toEqual(expected);
    expect(second.isModified).toBe(false);
  });

  test("50 requests lose nothing", async () => {
    const { sessions, key, load } = await openTwice();
    const requests = await Promise.all(Array.from({ length: 50 }, () => mustLoad(sessions, key)));
    await Promise.all(
      requests.map(async (session, index) => {
        session.visits += 1;
        session.tags.push(`t${index}`);
        await sessions.commit(session);
      }),
    );
    const result = await load();
    expect([result.visits, new Set(result.tags).size]).toEqual([50, 50]);
  });

  test("a deletion is a change, and mine wins", async () => {
    const { first, second, load } = await openTwice({ name: "x", visits: 5 });
    first.name = "first";
    first.visits = 9;
    await first.save();
    second.delete("name");
    second.delete("visits");
    await second.save();
    expect([(await load()).has("name"), (await load()).visits]).toEqual([false, 0]);
  });

  test("reject is a conflict that reload resolves", async () => {
    const { first, second } = await openTwice({ draft: "x" });
    first.draft = "first";
    await first.save();
    second.draft = "second";
    await expect(second.save()).rejects.toMatchObject({ code: "conflict", details: { fields: ["draft"] } });
    expect(second.draft).toBe("second");
    await second.reload();
    expect(second.draft).toBe("first");
    second.draft = "second";
    await second.save();
  });

  test("a merged value that does not validate is a conflict, and nothing is written", async () => {
    const { first, second, load } = await openTwice({ visits: 600 });
    first.visits += 300;
    await first.save();
    second.visits += 300;
    await expect(second.save()).rejects.toMatchObject({ code: "conflict", details: { fields: ["visits"] } });
    expect((await load()).visits).toBe(900);
  });

  test("the same in one request after another keeps adding", async () => {
    const { first, second, load } = await openTwice();
    for (let round = 0; round < 5; round += 1) {
      first.visits += 1;
      await first.save();
      second.visits += 1;
      await second.save();
    }
    expect([(await load()).visits, second.visits]).toEqual([10, 10]);
  });
});

test("a change by the other that I did not touch costs me no second write", async () => {
  const { sessions, first, second, calls } = await openTwice({ userId: 1 });
  first.name = "first";
  await first.save();
  calls.length = 0;
  expect(second.name).toBeUndefined();
  expect(cookieOf(await sessions.commit(second))).toBeNull();
  expect(calls).toEqual([]);
});
