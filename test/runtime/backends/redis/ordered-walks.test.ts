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
    if ("next" in stretch) {
      after = stretch.next;
      continue;
    }
    const page = stretch.members.slice(0, length);
    seen.push(...page.map(({ id }) => id));
    after = page.at(-1)?.id;
    const rest = stretch.members.slice(length);
    if (after === undefined || (stretch.isWhole && rest.length === 0)) return { seen, calls, opened };
    walks.keep("walk", after, { ...stretch, members: rest });
  }
}

const limits = { stretchLength: 9, batchesPerCall: 9, patience: 1000, rememberedWalks: 2 };
const source = (...ids: string[]) =>
  async function* () {
    yield ids.map((id) => ({ id }));
  };

describe("walks in order", () => {
  test("give each id once, in order, whatever the source and the limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string(), { maxLength: 8 }), { maxLength: 8 }),
        fc.record({
          stretchLength: fc.integer({ min: 1, max: 6 }),
          batchesPerCall: fc.integer({ min: 1, max: 4 }),
          patience: fc.constantFrom(0, 1000),
          length: fc.integer({ min: 1, max: 5 }),
        }),
        async (batches, { length, ...others }) => {
          const ids = batches.map((batch) => batch.filter((id) => id !== ""));
          const { seen } = await walk(createOrderedWalks({ ...limits, ...others }), ids, length);
          expect(seen).toEqual([...new Set(ids.flat())].sort());
        },
      ),
    );
  });

  test("look through the source once for each stretch, not for each page", async () => {
    const ids = Array.from({ length: 100 }, (_, at) => String(at).padStart(3, "0"));
    const walks = createOrderedWalks<Item>({ ...limits, stretchLength: 50, batchesPerCall: 100 });
    const { seen, calls, opened } = await walk(walks, [ids.toReversed()], 5);
    expect([seen.length, calls, opened]).toEqual([100, 20, 2]);
  });

  test("begin anew without a place to go on from, and forget the oldest of many", async () => {
    const walks = createOrderedWalks<Item>({ ...limits, rememberedWalks: 1 });
    walks.keep("x", "a", { members: [{ id: "kept" }], isWhole: true, search: 1 });
    expect(await walks.next("x", undefined, source("new"))).toMatchObject({ members: [{ id: "new" }] });
    expect(await walks.next("x", "a", source("new"))).toMatchObject({ members: [{ id: "kept" }] });
    walks.keep("y", "a", { members: [{ id: "other" }], isWhole: true, search: 1 });
    expect(await walks.next("x", "a", source("new"))).toMatchObject({ members: [{ id: "new" }] });
  });

  test("never get what was looked for before they began", async () => {
    const walks = createOrderedWalks<Item>({ ...limits, batchesPerCall: 1 });
    const older = await walks.next("x", undefined, source("a"));
    const newer = await walks.next("x", undefined, source("a", "b"));
    const goOn = (from: object) => walks.next("x", "next" in from ? String(from.next) : "", source());
    expect(await goOn(older)).toMatchObject({ members: [{ id: "a" }] });
    const whole = await goOn(newer);
    expect(whole).toMatchObject({ members: [{ id: "a" }, { id: "b" }] });
    walks.keep("x", "a", { members: [{ id: "b" }], isWhole: true, search: 2 });
    walks.keep("x", "a", { members: [{ id: "c" }], isWhole: true, search: 1 });
    expect(await walks.next("x", "a", source())).toMatchObject({ members: [{ id: "b" }] });
  });

  test("all come to an end, however many there are at once", async () => {
    const walks = createOrderedWalks<Item>({ ...limits, batchesPerCall: 1, rememberedWalks: 2 });
    const ids = Array.from({ length: 20 }, (_, at) => [String(at)]);
    const all = await Promise.all(Array.from({ length: 9 }, () => walk(walks, ids, 100)));
    for (const { seen } of all) expect(seen).toHaveLength(20);
  });

  test("go on in another process after where the search began, and never take one that looks for something else", async () => {
    const [one, other] = [
      createOrderedWalks<Item>(limits),
      createOrderedWalks<Item>({ ...limits, patience: 0 }),
    ];
    const begun = await other.next("x", "a", source("b"));
    const next = "next" in begun ? begun.next : "";
    expect(await one.next("x", next, source("a", "b"))).toMatchObject({ members: [{ id: "b" }] });
    expect(await other.next("y", next, source("c"))).toMatchObject({ next: expect.stringMatching(/^a\0/) });
  });
});
