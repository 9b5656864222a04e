import type { KindModel, MemberModel } from "../../../generator/model/model.js";
import type { Random } from "./random.js";

/** The values that enums are made of. */
export const words: readonly string[] = ["red", "green", "blue", "grey", "pink", "teal"];

const memberNames = ["x", "y", "z"];

/** Any kind of value, of few levels. */
export function anyKind(random: Random, depth = 2): KindModel {
  if (depth === 0 || random.chance(0.5)) return anyScalar(random);
  const inner = (): KindModel => anyKind(random, depth - 1);
  return random.pick<() => KindModel>([
    () => ({ type: "array", items: anyScalar(random) }),
    () => ({ type: "array", items: anyEnum(random) }),
    () => ({ type: "array", items: withoutEnums(inner()) }),
    () => ({ type: "object", members: anyMembers(random, depth) }),
    () => ({ type: "record", keys: { type: "string" }, values: withoutEnums(inner()) }),
    () => ({ type: "tuple", items: [anyScalar(random), withoutEnums(inner())] }),
    () => ({ type: "union", members: [{ type: "string" }, { type: "integer" }, { type: "date" }] }),
    () => orNull(anyScalar(random)),
  ])();
}

/** A member of this name. */
export function anyMember(name: string, random: Random, depth = 1): MemberModel {
  return { name, kind: withoutEnums(anyKind(random, depth)), ...(random.chance(0.5) && { optional: true }) };
}

/** The same kind, or null. */
export function orNull(kind: KindModel): KindModel {
  return kind.type === "nullable" ? kind : { type: "nullable", inner: kind };
}

/** A value of a kind, as the app holds it. */
export function anyValue(kind: KindModel, random: Random): unknown {
  const few = <T>(make: () => T): T[] => Array.from({ length: random.below(4) }, make);
  switch (kind.type) {
    case "string":
      return "abcdefgh".slice(0, random.below(1 + Math.min(kind.maxLength ?? 8, 8)));
    case "integer":
      return random.below(200) - 100;
    case "number":
      return (random.below(200) - 100) / 4;
    case "boolean":
      return random.chance(0.5);
    case "null":
      return null;
    case "bigint":
      return BigInt(random.below(2 ** 30)) ** 2n - 5n;
    case "date":
      return new Date(random.below(2 ** 30) * 1000);
    case "bytes":
      return Uint8Array.from(few(() => random.below(256)));
    case "literal":
      return random.pick(kind.values);
    case "array":
      return few(() => anyValue(kind.items, random));
    case "tuple":
      return kind.items.map((item) => anyValue(item, random));
    case "object":
      return Object.fromEntries(
        kind.members
          .filter(({ optional }) => optional !== true || random.chance(0.7))
          .map((member) => [member.name, anyValue(member.kind, random)]),
      );
    case "record":
      return Object.fromEntries(few(() => [`k${random.below(9)}`, anyValue(kind.values, random)]));
    case "union":
      return anyValue(random.pick(kind.members), random);
    case "nullable":
      return random.chance(0.3) ? null : anyValue(kind.inner, random);
  }
}

function anyScalar(random: Random): KindModel {
  return random.pick<() => KindModel>([
    () => ({ type: "string", ...(random.chance(0.5) && { maxLength: 8 }) }),
    () => ({ type: "integer" }),
    () => ({ type: "number" }),
    () => ({ type: "boolean" }),
    () => ({ type: "bigint" }),
    () => ({ type: "date" }),
    () => ({ type: "bytes" }),
    () => anyEnum(random),
  ])();
}

function anyEnum(random: Random): KindModel {
  const start = random.below(3);
  return { type: "literal", values: words.slice(start, start + 2 + random.below(2)) };
}

function anyMembers(random: Random, depth: number): readonly MemberModel[] {
  const names = memberNames.filter(() => random.chance(0.7));
  return names.map((name) => anyMember(name, random, depth - 1));
}

/** Lists of enums inside of other values, whose hidden elements have tests of their own, would need a second model here. */
function withoutEnums(kind: KindModel): KindModel {
  if (kind.type !== "array" || kind.items.type !== "literal") return kind;
  return { ...kind, items: { type: "string" } };
}
