import type { Draw } from "./draw.js";
import type { DrawnKind, DrawnObject } from "./drawn-kind.js";
import { drawText } from "./hostile-texts.js";

/** A value of a kind, as an app holds it. */
export function drawValue(draw: Draw, kind: DrawnKind): unknown {
  switch (kind.is) {
    case "string":
      return kind.format ? draw.pick(kind.format.examples) : drawWord(draw, kind);
    case "number":
      return kind.step === undefined
        ? within(draw, kind, -60, 60) + (kind.max === undefined && draw.chance(0.5) ? 0.5 : 0)
        : draw.between(-9, 9) * kind.step;
    case "integer":
      return within(draw, kind, -2000, 2000);
    case "bigint":
      return BigInt(within(draw, kind, -2000, 2000));
    case "date":
      return new Date(within(draw, kind, 0, 4_000_000_000_000));
    case "bytes":
      return Uint8Array.from({ length: within(draw, kind, 0, 9) }, () => draw.between(0, 255));
    case "boolean":
      return draw.chance(0.5);
    case "literal":
      return draw.pick(kind.values);
    case "null":
    case "any":
      return null;
    case "nullable":
      return draw.chance(0.3) ? null : drawValue(draw, kind.inner);
    case "union":
      return drawValue(draw, draw.pick(kind.members));
    default:
      return drawCompound(draw, kind);
  }
}

function drawCompound(
  draw: Draw,
  kind: Extract<DrawnKind, { is: "array" | "tuple" | "object" | "record" }>,
): unknown {
  switch (kind.is) {
    case "array":
      return Array.from({ length: within(draw, kind, 0, 4) }, () => drawValue(draw, kind.items));
    case "tuple":
      return kind.items.map((item) => drawValue(draw, item));
    case "record": {
      const key = (): string => (kind.format ? draw.pick(kind.format.examples) : `k${drawText(draw)}`);
      return Object.fromEntries(draw.times(0, 3, () => [key(), drawValue(draw, kind.values)]));
    }
    case "object":
      return drawData(draw, kind);
  }
}

/** An object of these members; what may be left out is, now and then. */
export function drawData(draw: Draw, { members }: DrawnObject): Record<string, unknown> {
  // `fromEntries` defines, so that `__proto__` is a member like others.
  return Object.fromEntries(
    members
      .filter(({ presence }) => presence !== "optional" || draw.chance(0.6))
      .map(({ name, kind }) => [name, drawValue(draw, kind)]),
  );
}

/** The value with one place of it, at whatever depth, replaced by something else. */
export function breakValue(draw: Draw, value: unknown): unknown {
  const isEnd =
    typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array;
  if (isEnd || draw.chance(0.1)) return draw.pick(junk);
  const names = Object.keys(value);
  if (names.length === 0) return draw.pick(junk);
  const name = draw.pick(names);
  const entries = Object.entries(value).map(([key, member]) =>
    key === name ? ([key, breakValue(draw, member)] as const) : ([key, member] as const),
  );
  if (Array.isArray(value))
    return draw.chance(0.2) ? [...value, ...value] : entries.map(([, member]) => member);
  return Object.fromEntries(draw.chance(0.2) ? [...entries, ["extra", 1]] : entries);
}

const junk: readonly unknown[] = [
  ...[null, true, 0, -1, 0.1, 1.5, 2 ** 53, -3000, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
  ...["", "x", "名前", "x".repeat(20), "a@b", "999.1.1.1", "1", "null"],
  ...[0n, -5000n, 5000n, new Date(0), new Date(-1), new Date(Number.NaN), new Date(5e12)],
  ...[
    new Uint8Array(),
    new Uint8Array(50),
    [],
    [null],
    [1, "a", true, 4, 5],
    {},
    { a: 1 },
    { $date: 1 },
    Symbol("s"),
  ],
];

function drawWord(draw: Draw, limits: { readonly min?: number; readonly max?: number }): string {
  const text = drawText(draw).padEnd(limits.min ?? 0, "x");
  return limits.max === undefined ? text : text.slice(0, limits.max);
}

function within(
  draw: Draw,
  { min, max }: { readonly min?: number; readonly max?: number },
  low: number,
  high: number,
): number {
  return draw.between(min ?? Math.min(low, max ?? low), max ?? Math.max(high, min ?? high));
}
