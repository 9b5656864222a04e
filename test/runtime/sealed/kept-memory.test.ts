import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { type OpenedToken, RecentTokens } from "../../../runtime/token/recent-tokens.js";
import type { WireFields, WireValue } from "../../../runtime/types/shape.js";
import { openedToken } from "./opened-token.js";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function withFields(fields: WireFields): OpenedToken {
  const { tenant, stored } = openedToken("");
  return { tenant, stored: { ...stored, fields } };
}

/** Shows a token as often as it takes to be kept. */
function come(recent: RecentTokens, token: string, opened: OpenedToken): void {
  for (let time = 0; time < 4; time += 1) recent.keep(token, opened);
}

function keptOf(opened: OpenedToken): boolean {
  const recent = new RecentTokens();
  const token = randomText(300);
  come(recent, token, opened);
  return recent.find(token) !== undefined;
}

/** The text of one field after such changes, one after the other, each in a token of its own. */
function change(recent: RecentTokens, first: string, values: readonly (WireValue | undefined)[]): string {
  let [token, base]: [string, WireValue | undefined] = [first, undefined];
  let before = withFields({}).stored;
  for (const mine of values) {
    const next = randomText(300);
    const opened = withFields(mine === undefined ? {} : { more: mine });
    recent.replace(token, next, { ...opened, before, changes: [{ field: "more", base, mine }] });
    [token, base, before] = [next, mine, opened.stored];
  }
  return token;
}

test("names and large numbers count as what they take", () => {
  const members = (nameOf: (index: number) => string, value: WireValue) =>
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [nameOf(index), value]));
  expect(keptOf(withFields({ counts: members(String, 1) }))).toBe(true);
  expect(keptOf(withFields({ counts: members((index) => "a".repeat(1000) + index, 1) }))).toBe(false);
  expect(keptOf(withFields({ counts: members(String, 10n ** 10n) }))).toBe(true);
  expect(keptOf(withFields({ counts: members(String, 10n ** 2000n) }))).toBe(false);
});

test("a text that was cut out of a larger one is kept without it", () => {
  if (typeof collect !== "function") throw new Error("no gc");
  const recent = new RecentTokens();
  const held: string[] = [];
  collect();
  const { heapUsed } = process.memoryUsage();
  for (let client = 0; client < 40; client += 1) {
    const token = randomText(300);
    come(recent, token, withFields({}));
    const body = Buffer.alloc(1_000_000, 97 + (client % 20)).toString("latin1");
    held.push(change(recent, token, [{ list: [body.slice(10, 50)] }]));
  }
  collect();
  expect(held.filter((token) => recent.find(token))).toHaveLength(40);
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(20_000_000);
});

test("a text that is kept is the same, whatever it holds", () => {
  const recent = new RecentTokens();
  const token = randomText(300);
  come(recent, token, withFields({}));
  const text = `half of a pair \ud800, "quotes", \0, 名前 and 🍪`;
  const next = change(recent, token, [text]);
  expect(recent.find(next)?.stored.fields).toEqual({ more: text });
});

test("what goes with a field that was removed is not kept either", () => {
  const recent = new RecentTokens();
  const [token, next] = [randomText(300), randomText(300)];
  const { stored: before, tenant } = withFields({ theme: "dark", more: 1, formerly: "1" });
  come(recent, token, { stored: before, tenant });
  const changes = [{ field: "more", base: 1, mine: undefined }];
  recent.replace(token, next, { ...withFields({ theme: "dark" }), before, changes });
  expect(recent.find(next)?.stored.fields).toEqual({ theme: "dark" });
});

test("what was removed counts on, since a codec may keep the bytes that it was read from", () => {
  const recent = new RecentTokens();
  const large = "x".repeat(6000);
  const tokens = Array.from({ length: 1500 }, () => {
    const token = randomText(300);
    const { stored: before, tenant } = withFields({ more: large });
    come(recent, token, { stored: before, tenant });
    const next = randomText(300);
    const changes = [{ field: "more", base: large, mine: undefined }];
    recent.replace(token, next, { ...withFields({}), before, changes });
    return next;
  });
  const kept = tokens.filter((token) => recent.find(token)).length;
  expect(kept).toBeGreaterThan(600);
  expect(kept * 12_000).toBeLessThan(10_000_000);
});

test("a session that takes turns with its size is kept, and counts as its largest", () => {
  const recent = new RecentTokens();
  const token = randomText(300);
  come(recent, token, withFields({}));
  const turns = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? "x".repeat(5000) : undefined));
  expect(recent.find(change(recent, token, turns))).toBeDefined();
});
