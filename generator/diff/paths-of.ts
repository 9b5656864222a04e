import { isField, isKind, listOf } from "../history/kind-parts.js";
import type { NumberedField, NumberedKind } from "../history/model-file.js";

/** The names that changes have for fields and for all members in them: `prefs`, `prefs.theme`, `cart[].sku`. */
export function pathsOf(fields: readonly NumberedField[]): readonly string[] {
  return fields.flatMap(({ name, kind }) => [name, ...memberPaths(kind, name)]);
}

function memberPaths(kind: NumberedKind, path: string): readonly string[] {
  const inside = (part: unknown, step: string): readonly string[] =>
    isKind(part) ? memberPaths(part, `${path}${step}`) : [];
  const members = kind.type === "object" ? listOf(kind["members"]).filter(isField) : [];
  const items = kind["items"];
  return [
    ...members.flatMap((member) => [
      `${path}.${member.name}`,
      ...memberPaths(member.kind, `${path}.${member.name}`),
    ]),
    ...inside(kind["inner"], ""),
    ...inside(kind["values"], "{}"),
    ...inside(kind["rest"], "[]"),
    ...(Array.isArray(items)
      ? items.flatMap((item: unknown, index) => inside(item, `[${index}]`))
      : inside(items, "[]")),
  ];
}
