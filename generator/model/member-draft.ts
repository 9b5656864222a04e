import { toDefaultValue } from "./default-value.js";
import type { DefaultValue, KindModel, MemberModel } from "./model.js";
import type { Place } from "./place.js";

/** A member of an object as a schema library states it, before its default is checked. */
export interface MemberDraft {
  /** `undefined` when it was refused. */
  readonly kind: KindModel | undefined;
  readonly optional: boolean;
  /** As the app would hold it. */
  readonly default?: { readonly value: unknown };
  readonly description?: string;
}

/** Reads the schema of a member, an element or an option. */
export type ReadMember = (schema: unknown, place: Place) => MemberDraft;

/** The member that a draft describes; `undefined` when something in it was refused, which has then been said. */
export function toMember(name: string, draft: MemberDraft, place: Place): MemberModel | undefined {
  const { kind } = draft;
  const brand = place.source.call("brand");
  if (brand)
    place.refuse("a brand is seen by the compiler alone and could not be generated; leave it out", "brand");
  if (name === "__proto__") place.refuse("this name means the prototype; choose another");
  if (kind === undefined || name === "__proto__") return undefined;
  const doc = place.source.doc ?? draft.description;
  const described = doc === undefined ? { name, kind } : { name, doc, kind };
  if (draft.default) {
    const value = readDefault(kind, draft.default.value, place);
    return value === undefined ? undefined : { ...described, default: value };
  }
  return draft.optional ? { ...described, optional: true } : described;
}

/** The kind of an element, an option or a value, where neither absence nor a default makes sense. */
export function toElementKind(draft: MemberDraft, place: Place): KindModel | undefined {
  if (draft.kind === undefined) return undefined;
  if (draft.default) {
    place.refuse("a default stands only on a field or on a member of an object", "default", "_default");
  } else if (draft.optional) {
    place.refuse(
      "only a field or a member of an object may be optional; say nullable here, or make the whole field optional",
      "optional",
      "Optional",
    );
  }
  return draft.kind;
}

const functionDefault =
  "a default function cannot be stored in generated code; give the value itself, or set it in the app";

function readDefault(kind: KindModel, value: unknown, place: Place): DefaultValue | undefined {
  if (typeof value === "function" || place.source.call("default", "_default")?.endsInFunction) {
    place.refuse(functionDefault, "default", "_default");
    return undefined;
  }
  const result = toDefaultValue(kind, value);
  if ("value" in result) return result.value;
  place.refuse(`the default ${result.problem}`, "default", "_default");
  return undefined;
}

/** For a default that was not the same when it was read twice. */
export function refuseDefaultFunction(place: Place): void {
  place.refuse(functionDefault, "default", "_default", "prefault");
}
