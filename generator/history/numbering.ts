import type { FieldModel, KindModel, MemberModel } from "../model/model.js";
import { createLedger, type Placing } from "./ledger.js";
import type { ModelFile, NumberedField, NumberedKind } from "./model-file.js";
import { scopes } from "./numbers.js";

/**
 * The fields of a model with their numbers. A field of the last version keeps its number and the name it is stored
 * under, also when `renamed` gives it a new name; a retyped one, a new one, and one whose name was another's take new
 * ones. No number or enum code is ever given twice. `renamed`: the new names with the old ones.
 */
export function numberFields(
  fields: readonly FieldModel[],
  file: ModelFile | undefined,
  renamed: Readonly<Record<string, string>> = {},
): readonly NumberedField[] {
  const ledger = createLedger(
    file,
    fields.map(({ name }) => name),
    renamed,
  );
  const numbered = fields.map((field): NumberedField => {
    const kindAt = (number: number, placing: Placing): NumberedKind =>
      numberKind(field.kind, scopes.member("", number), placing);
    const { number, stored, follows } = ledger.field(field.name, kindAt);
    return {
      number,
      name: field.name,
      ...(stored !== field.name && { stored }),
      ...(follows !== undefined && { follows }),
      kind: kindAt(number, ledger),
      ...(field.default !== undefined && { default: toJson(field.default) }),
    };
  });
  return numbered.sort((left, right) => left.number - right.number);
}

function numberMembers(
  members: readonly MemberModel[],
  scope: string,
  placing: Placing,
): readonly NumberedField[] {
  const numbered = members.map((member): NumberedField => {
    const { number, stored } = placing.member(scope, member.name);
    return {
      number,
      name: member.name,
      ...(stored !== member.name && { stored }),
      kind: numberKind(member.kind, scopes.member(scope, number), placing),
      ...(member.optional === true && { optional: true }),
      ...(member.default !== undefined && { default: toJson(member.default) }),
    };
  });
  return numbered.sort((left, right) => left.number - right.number);
}

function numberKind(kind: KindModel, path: string, placing: Placing): NumberedKind {
  switch (kind.type) {
    case "literal": {
      const codes = kind.values.map((value) => ({
        code: placing.code(scopes.values(path), JSON.stringify(value)),
        value,
      }));
      // Only one, with the first code, has always been written as it is.
      if (codes.length === 1 && codes[0]?.code === 1) return { type: kind.type, values: kind.values };
      return { type: kind.type, values: codes.sort((left, right) => left.code - right.code) };
    }
    case "array":
      return { ...sorted(kind), items: numberKind(kind.items, scopes.items(path), placing) };
    case "tuple":
      return {
        type: kind.type,
        items: kind.items.map((item, index) => numberKind(item, scopes.item(path, index), placing)),
        ...(kind.rest !== undefined && { rest: numberKind(kind.rest, scopes.items(path), placing) }),
      };
    case "object":
      return { ...sorted(kind), members: numberMembers(kind.members, path, placing) };
    case "record":
      return {
        type: kind.type,
        keys: sorted(kind.keys),
        values: numberKind(kind.values, scopes.entries(path), placing),
      };
    case "union":
      return {
        type: kind.type,
        members: kind.members.map((member, index) => numberKind(member, `${path}|${index}`, placing)),
      };
    case "nullable":
      return { type: kind.type, inner: numberKind(kind.inner, path, placing) };
    default:
      return sorted(kind);
  }
}

/** The rules of a kind without what is for people only, in an order that does not depend on who made it. */
function sorted(kind: KindModel): NumberedKind {
  const rules = Object.entries(kind).filter(([name]) => name !== "type" && name !== "format");
  const entries = rules.map(([name, rule]): [string, unknown] => [name, toJson(rule)]);
  return {
    type: kind.type,
    ...Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

/** Wire values as JSON: bigint and bytes are marked. */
function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Object.is(value, -0)) return { $number: "-0" };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}
