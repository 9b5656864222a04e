import type { Draw } from "./draw.js";
import { drawDoc, drawMemberName, drawText, type Format, formats, keyFormats } from "./hostile-texts.js";
import { drawValue } from "./values.js";

/** What a person may write as the type of a field, in zod and in TypeBox alike. */
export type DrawnKind =
  | { readonly is: "string"; readonly min?: number; readonly max?: number; readonly format?: Format }
  | {
      readonly is: "number" | "integer";
      readonly min?: number;
      readonly max?: number;
      readonly step?: number;
    }
  | { readonly is: "bigint" | "date"; readonly min?: number; readonly max?: number }
  | { readonly is: "bytes"; readonly min?: number; readonly max?: number }
  | { readonly is: "boolean" | "null" | "any" }
  | { readonly is: "literal"; readonly values: readonly (string | number | boolean)[] }
  | { readonly is: "array"; readonly items: DrawnKind; readonly min?: number; readonly max?: number }
  | { readonly is: "tuple"; readonly items: readonly DrawnKind[] }
  | DrawnObject
  | { readonly is: "record"; readonly format?: Format; readonly values: DrawnKind }
  | { readonly is: "union"; readonly members: readonly DrawnKind[] }
  | { readonly is: "nullable"; readonly inner: DrawnKind };

export interface DrawnObject {
  readonly is: "object";
  readonly members: readonly DrawnMember[];
  readonly isStrict?: boolean;
}

export interface DrawnMember {
  readonly name: string;
  readonly doc?: string | undefined;
  readonly kind: DrawnKind;
  readonly presence: "required" | "optional" | { readonly default: unknown };
}

/** A kind whose compounds reach at most so deep. */
function drawKind(draw: Draw, depth: number): DrawnKind {
  if (draw.chance(0.08)) return { is: "nullable", inner: drawSingle(draw, depth) };
  if (draw.chance(0.08)) return drawUnion(draw, depth);
  return drawSingle(draw, depth);
}

/** Members of these names; each once. */
export function drawMembers(draw: Draw, names: Iterable<string>, depth: number): DrawnMember[] {
  return [...new Set(names)].map((name) => {
    const kind = drawKind(draw, depth);
    return { name, doc: drawDoc(draw), kind, presence: drawPresence(draw, kind) };
  });
}

/** Optional, or with a default of its kind. */
export function drawPresence(draw: Draw, kind: DrawnKind): DrawnMember["presence"] {
  return draw.chance(0.5) ? "optional" : { default: drawValue(draw, kind) };
}

function drawSingle(draw: Draw, depth: number): DrawnKind {
  const isDeep = depth > 1 && draw.chance(0.35);
  return isDeep ? compounds[draw.pick(compoundNames)](draw, depth - 1) : drawScalar(draw);
}

function drawScalar(draw: Draw): DrawnKind {
  const is = draw.pick([
    ...["string", "string", "number", "integer", "bigint", "date", "bytes", "boolean", "literal"],
  ] as const);
  switch (is) {
    case "string":
      return draw.chance(0.3) ? { is, format: draw.pick(formats) } : { is, ...limits(draw, 0, 12) };
    case "number":
      return draw.chance(0.2) ? { is, step: draw.pick([0.5, 0.25, 3]) } : { is, ...limits(draw, -50, 50) };
    case "integer":
    case "bigint":
      return { is, ...limits(draw, -1000, 1000) };
    case "date":
      return { is, ...limits(draw, 0, 2_000_000_000_000) };
    case "bytes":
      return { is, ...limits(draw, 0, 5) };
    case "literal":
      return { is, values: drawLiterals(draw) };
    default:
      return draw.chance(0.03) ? { is: "any" } : { is: "boolean" };
  }
}

const compoundNames = ["array", "tuple", "object", "record"] as const;

const compounds: Readonly<Record<(typeof compoundNames)[number], (draw: Draw, depth: number) => DrawnKind>> =
  {
    array: (draw, depth) => ({ is: "array", items: drawKind(draw, depth), ...limits(draw, 0, 3) }),
    tuple: (draw, depth) => ({ is: "tuple", items: draw.times(1, 3, () => drawKind(draw, depth)) }),
    record: (draw, depth) => ({
      is: "record",
      ...(draw.chance(0.3) && { format: draw.pick(keyFormats) }),
      values: drawKind(draw, depth),
    }),
    object: (draw, depth) => {
      const members = drawMembers(
        draw,
        draw.times(0, 4, () => drawMemberName(draw)),
        depth,
      );
      return {
        is: "object",
        isStrict: draw.chance(0.3),
        members: members.map((member) => (draw.chance(0.5) ? { ...member, presence: "required" } : member)),
      };
    },
  };

/** Of kinds that no value can be taken for two of, so that both libraries mean the same. */
function drawUnion(draw: Draw, depth: number): DrawnKind {
  const members = draw.times(2, 4, () => drawSingle(draw, depth));
  const unlike = new Map(members.map((member) => [member.is === "integer" ? "number" : member.is, member]));
  const [first] = members;
  if (unlike.size < 2) return first ?? { is: "boolean" };
  return { is: "union", members: [...unlike.values()] };
}

function drawLiterals(draw: Draw): readonly (string | number | boolean)[] {
  const one = (): string | number | boolean => {
    const is = draw.between(0, 6);
    if (is === 0) return draw.between(-3, 9) / 2;
    return is === 1 ? draw.chance(0.5) : drawText(draw);
  };
  // What is kept is told apart by its text in some codecs: no 1 beside "1".
  return [...new Map(draw.times(1, 5, one).map((value) => [String(value), value])).values()];
}

function limits(draw: Draw, low: number, high: number): { readonly min?: number; readonly max?: number } {
  const middle = draw.between(low, high);
  return {
    ...(draw.chance(0.2) && { min: draw.between(low, middle) }),
    ...(draw.chance(0.2) && { max: draw.between(middle, high) }),
  };
}
