import { innerOf, isField, listOf } from "../history/kind-parts.js";
import { type NumberedField, type NumberedKind, storedName } from "../history/model-file.js";
import { isRetype } from "../history/retype.js";
import { compareKinds } from "./compare-kinds.js";
import { type KindChange, type KindPlace, kindChange } from "./kind-change.js";

/** What changed of the members of an object. */
export function compareMembers(
  before: NumberedKind,
  after: NumberedKind,
  { path }: KindPlace,
): readonly KindChange[] {
  const [old, now] = [membersOf(before), membersOf(after)];
  const place = ({ name }: NumberedField): KindPlace => ({
    field: `${path}.${name}`,
    path: `${path}.${name}`,
  });
  const added = now.filter((member) => find(old, member) === undefined);
  return [
    ...added.map((member) => addition(member, place(member))),
    ...old.flatMap((member) => {
      const same = find(now, member);
      return same === undefined
        ? [removal(member, added, place(member))]
        : [
            ...comparePresence(member, same, place(same)),
            ...compareKinds(member.kind, same.kind, place(same)),
          ];
    }),
  ];
}

function membersOf(kind: NumberedKind): readonly NumberedField[] {
  return listOf(kind["members"]).filter(isField);
}

function find(members: readonly NumberedField[], member: NumberedField): NumberedField | undefined {
  return members.find((candidate) => storedName(candidate) === storedName(member));
}

function addition(member: NumberedField, place: KindPlace): KindChange {
  return mayBeAbsent(member)
    ? kindChange(place, "added", "is new")
    : kindChange(place, "narrowed", "is new, and every object must have it");
}

function removal(member: NumberedField, added: readonly NumberedField[], place: KindPlace): KindChange {
  const successor = successorsOf(member, added)[0];
  return successor === undefined
    ? kindChange(place, "removed", "goes")
    : kindChange(place, "replaced", `goes while \`${successor.name}\` of its type comes`);
}

function comparePresence(
  before: NumberedField,
  after: NumberedField,
  place: KindPlace,
): readonly KindChange[] {
  if (mayBeAbsent(before) && !mayBeAbsent(after)) {
    return [kindChange(place, "narrowed", "must be there in every object")];
  }
  if (!mayBeAbsent(before) && mayBeAbsent(after)) return [kindChange(place, "widened", "may be absent")];
  return isSame(before.default, after.default) ? [] : [kindChange(place, "noted", "has another default")];
}

/** Those that a field may have been renamed to: of its type, and new. */
export function successorsOf(
  field: NumberedField,
  added: readonly NumberedField[],
): readonly NumberedField[] {
  return added.filter(
    ({ kind }) =>
      innerOf(kind).type !== "null" && (!isRetype(field.kind, kind) || !isRetype(kind, field.kind)),
  );
}

function mayBeAbsent({ optional, default: value }: NumberedField): boolean {
  return optional === true || value !== undefined;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
