import type { FieldModel, KindModel, MemberModel } from "../../model/model.js";
import { storedFields } from "../../model/stored-names.js";
import type { EmitInput } from "../emit-input.js";
import { upgradeHistory } from "../upgrade/upgrade-history.js";

/** The fields as they are stored, with the fields and members of older versions that upgrades read. */
export function storedSession(input: EmitInput): readonly FieldModel[] {
  const present = storedFields(input.model.fields);
  return upgradeHistory(input).older.reduceRight(
    (fields, older) => withOlder(fields, storedFields(older.fields)),
    present,
  );
}

/** Members with those that only the older ones are, none of which must be there. The same ones when there are none. */
function withOlder<Member extends FieldModel | MemberModel>(
  members: readonly Member[],
  older: readonly Member[],
): readonly Member[] {
  const byName = new Map(older.map((member) => [member.name, member]));
  const merged = members.map((member) => {
    const before = byName.get(member.name);
    const kind = before === undefined ? member.kind : withOlderKind(member.kind, before.kind);
    return kind === member.kind ? member : { ...member, kind };
  });
  const known = new Set(members.map(({ name }) => name));
  const gone = older.filter(({ name }) => !known.has(name));
  const isSame = gone.length === 0 && merged.every((member, index) => member === members[index]);
  return isSame
    ? members
    : [...merged, ...gone.map(({ default: _, ...member }) => ({ ...member, optional: true }) as Member)];
}

function withOlderKind(kind: KindModel, older: KindModel): KindModel {
  if (older.type === "nullable" && kind.type !== "nullable") return withOlderKind(kind, older.inner);
  if (kind.type === "nullable") {
    const inner = withOlderKind(kind.inner, older.type === "nullable" ? older.inner : older);
    return inner === kind.inner ? kind : { ...kind, inner };
  }
  if (kind.type === "array" && older.type === "array") {
    const items = withOlderKind(kind.items, older.items);
    return items === kind.items ? kind : { ...kind, items };
  }
  if (kind.type === "record" && older.type === "record") {
    const values = withOlderKind(kind.values, older.values);
    return values === kind.values ? kind : { ...kind, values };
  }
  if (kind.type !== "object" || older.type !== "object") return kind;
  const members = withOlder(kind.members, older.members);
  return members === kind.members ? kind : { ...kind, members };
}
