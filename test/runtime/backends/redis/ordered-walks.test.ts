import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOrderedWalks, type OrderedWalks } from "../../../../runtime/backends/redis/ordered-walks.js";

interface Item {
  readonly id: string;
}

/** Pages of so many over batches that give each id twice. */
async function walk(walks: OrderedWalks<Item>, batches: readonly (readonly string[])[], length: number) {
  const seen: string[] = [];
  let calls = 0;
  let opened = 0;
  async function* open() {
    opened += 1;
    for (const batch of [...batches, ...batches]) yield batch.map((id) => ({ id }));
  }
  for (let after: string | undefined; ; ) {
    calls += 1;
    const stretch = await walks.next("walk", after, open);
    if (stretch === null) {
      after ??= "";
      continue;
    }
    const page = stretch.members.slice(0, length);
    seen.push(...page.map(({ id }) => id));
    after = page.at(-1)?.id;
    const rest = stretch.members.slice(length);
    if (after === undefined || (stretch.isWhole && rest.length === 0)) return { seen, calls, opened };
    walks.keep("walk", after, { members: rest, isWhole: stretch.isWhole });
  }
}

describe("walks in order", () => {
  test("give each id once, in order, whatever the source and the limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string(), { maxLength: 8 }), { maxLength: 8 }),
        fc.record({
          stretchLength: fc.integer({ min: 1, max: 6 }),
          batchesPerCall: fc.integer({ min: 1, max: 4 }),
          length: fc.integer({ min: 1, max: 5 }),
        }),
        async (batches, { length, ...limits }) => {
          const ids = batches.map((batch) => batch.filter((id) => id !== ""));
          const { seen } = await walk(createOrderedWalks({ ...limits, rememberedWalks: 2 }), ids, length);
          expect(seen).toEqual([...new Set(ids.flat())].sort());
        },
      ),
    );
  });

  test("look through the source once for each stretch, not for each page", async () => {
    const ids = Array.from({ length: 100 }, (_, at) => String(at).padStart(3, "0"));
    const walks = createOrderedWalks<Item>({ stretchLength: 50, batchesPerCall: 100, rememberedWalks: 2 });
    const { seen, calls, opened } = await walk(walks, [ids.toReversed()], 5);
    expect([seen.length, calls, opened]).toEqual([100, 20, 2]);
  });

  test("begin anew without a place to go on from, and forget the oldest of many", async () => {
    const walks = createOrderedWalks<Item>({ stretchLength: 9, batchesPerCall: 9, rememberedWalks: 1 });
    const source = (...ids: string[]) =>
      async function* () {
        yield ids.map((id) => ({ id }));
      };
    walks.keep("x", "a", { members: [{ id: "kept" }], isWhole: true });
    expect((await walks.next("x", undefined, source("new")))?.members).toEqual([{ id: "new" }]);
    expect((await walks.next("x", "a", source("new")))?.members).toEqual([{ id: "kept" }]);
    walks.keep("y", "a", { members: [{ id: "other" }], isWhole: true });
    expect((await walks.next("x", "a", source("new")))?.members).toEqual([{ id: "new" }]);
  });
});
