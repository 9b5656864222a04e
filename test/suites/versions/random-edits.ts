import type { FieldModel, KindModel, MemberModel } from "../../../generator/model/model.js";
import type { SchemaVersion } from "./code-version.js";
import type { Random } from "./random.js";
import { anyKind, anyMember, anyValue, orNull, words } from "./random-values.js";

type Edited = Pick<SchemaVersion, "fields" | "renamed">;
type Edit = (fields: readonly FieldModel[], random: Random) => Edited;

const fieldNames = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A schema and what becomes of it by so many edits. With upgrades, every field that changes its form has a function. */
export function randomSchemas(edits: number, hasUpgrades: boolean, random: Random): readonly SchemaVersion[] {
  let fields: readonly FieldModel[] = fieldNames.slice(0, 4).map((name) => anyField(name, random));
  const schemas: SchemaVersion[] = [{ fields, ...upgradesOf(fields, hasUpgrades) }];
  while (schemas.length <= edits) {
    const edited = random.pick(allEdits)(fields, random);
    if (JSON.stringify(edited.fields, withBigints) === JSON.stringify(fields, withBigints)) continue;
    fields = edited.fields;
    schemas.push({ ...edited, ...upgradesOf(fields, hasUpgrades) });
  }
  return schemas;
}

/** What the upgrade of a field makes of any older value of it. */
export type Conversion = (old: unknown) => unknown;

function upgradesOf(
  fields: readonly FieldModel[],
  hasUpgrades: boolean,
): { readonly upgrades?: Readonly<Record<string, Conversion>> } {
  if (!hasUpgrades) return {};
  return {
    upgrades: Object.fromEntries(fields.map(({ name, kind }) => [name, (old) => convert(kind, old)])),
  };
}

/** Some value of the kind, always the same one for the same older value. */
function convert(kind: KindModel, old: unknown): unknown {
  const text = JSON.stringify(old, inOneOrder) ?? "";
  const seed = [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
  return anyValue(kind, {
    below,
    chance: (probability) => below(100) < probability * 100,
    pick: (list) => list[below(list.length)] ?? (list[0] as (typeof list)[number]),
  });
}

function withBigints(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** No order is promised of a record's keys, nor of a list of texts of which a version has not seen all. */
function inOneOrder(name: string, value: unknown): unknown {
  if (Array.isArray(value))
    return value.every((item) => item === null || typeof item === "string") ? [...value].sort() : value;
  if (typeof value !== "object" || value === null) return withBigints(name, value);
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function anyField(name: string, random: Random): FieldModel {
  return { name, kind: anyKind(random) };
}

const add: Edit = (fields, random) => {
  const free = fieldNames.filter((name) => fields.every((field) => field.name !== name));
  return { fields: free.length === 0 ? fields : [...fields, anyField(random.pick(free), random)] };
};

const drop: Edit = (fields, random) => {
  const gone = random.pick(fields);
  return { fields: fields.length === 1 ? fields : fields.filter((field) => field !== gone) };
};

const rename: Edit = (fields, random) => {
  const old = random.pick(fields);
  const name = `${old.name.replace(/\d+$/, "")}${random.below(1000)}`;
  if (fields.some((field) => field.name === name)) return { fields };
  return {
    fields: fields.map((field) => (field === old ? { ...field, name } : field)),
    renamed: { [name]: old.name },
  };
};

const retype: Edit = (fields, random) => changed(fields, random, () => anyKind(random));
const widen: Edit = (fields, random) => changed(fields, random, (kind) => wider(kind, random));
const narrow: Edit = (fields, random) => changed(fields, random, (kind) => narrower(kind, random));
const reorder: Edit = (fields) => ({ fields: [...fields].reverse() });

const allEdits: readonly Edit[] = [add, add, drop, rename, retype, widen, widen, narrow, narrow, reorder];

function changed(
  fields: readonly FieldModel[],
  random: Random,
  change: (kind: KindModel) => KindModel,
): Edited {
  const old = random.pick(fields);
  return { fields: fields.map((field) => (field === old ? { ...field, kind: change(field.kind) } : field)) };
}

function wider(kind: KindModel, random: Random): KindModel {
  switch (kind.type) {
    case "string":
      return { type: "string" };
    case "integer":
      return { type: "number" };
    case "literal": {
      const added = words.filter((word) => !kind.values.includes(word));
      return added.length === 0 ? kind : { ...kind, values: [...kind.values, random.pick(added)] };
    }
    case "array":
      return { ...kind, items: wider(kind.items, random) };
    case "record":
      return { ...kind, values: wider(kind.values, random) };
    case "object": {
      const name = random.pick(["x", "y", "z", "w"]);
      if (kind.members.some((member) => member.name === name)) return kind;
      return { ...kind, members: [...kind.members, { ...anyMember(name, random), optional: true }] };
    }
    default:
      return kind.type === "null" || kind.type === "union" ? kind : orNull(kind);
  }
}

function narrower(kind: KindModel, random: Random): KindModel {
  switch (kind.type) {
    case "string":
      return { type: "string", maxLength: 3 };
    case "literal":
      return kind.values.length < 2 ? kind : { ...kind, values: kind.values.slice(1) };
    case "array":
      return { ...kind, items: narrower(kind.items, random) };
    case "nullable":
      return kind.inner;
    case "object":
      return { ...kind, members: narrowerMembers(kind.members, random) };
    default:
      return kind;
  }
}

function narrowerMembers(members: readonly MemberModel[], random: Random): readonly MemberModel[] {
  if (random.chance(0.5)) return members.slice(1);
  return members.map(({ optional: _, ...member }) => member);
}
