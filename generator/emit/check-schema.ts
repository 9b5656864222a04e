import type {
  BigintKind,
  KindModel,
  MemberModel,
  NumberKind,
  ObjectKind,
  RecordKind,
  StringKind,
} from "../model/model.js";
import { storedName } from "../model/stored-names.js";

/**
 * Which form of a value is checked: what the app holds; what is stored; what is stored below a union, where nothing
 * tells to which alternative a default or an unknown member belongs, so that there are none; and below a union whose
 * alternatives would be indistinguishable otherwise (there a date is `{ "$date": ms }`).
 */
export type CheckedForm = "app" | "wire" | "alternative" | "tagged";

/** JSON Schema with the keywords of `check-keywords.ts`. */
export type CheckSchema = Readonly<Record<string, unknown>>;

/** The schema of one kind. */
export function kindSchema(kind: KindModel, form: CheckedForm): CheckSchema {
  switch (kind.type) {
    case "string":
      return { type: "string", ...textRules(kind) };
    case "number":
    case "integer":
      return { is: kind.type, ...numberLimits(kind) };
    case "bigint":
      return { is: "bigint", ...bigintLimits(kind) };
    case "boolean":
    case "null":
      return { type: kind.type };
    case "date":
      return dateSchema(kind.minimum, kind.maximum, form);
    case "bytes":
      return { is: "bytes", ...present({ minBytes: kind.minLength, maxBytes: kind.maxLength }) };
    case "literal":
      return { literal: kind.values };
    case "array":
      return {
        type: "array",
        items: kindSchema(kind.items, form),
        ...present({ minItems: kind.minItems, maxItems: kind.maxItems, isDistinct: kind.uniqueItems }),
      };
    case "tuple":
      return {
        type: "array",
        items: kind.items.map((item) => kindSchema(item, form)),
        additionalItems: kind.rest === undefined ? false : kindSchema(kind.rest, form),
        minItems: kind.items.length,
      };
    case "object":
      return objectSchema(kind, form);
    case "record":
      return recordSchema(kind, form);
    case "union":
      return { anyOf: kind.members.map((member) => kindSchema(member, formBelowUnion(kind, form))) };
    case "nullable":
      return orNull(kindSchema(kind.inner, form));
  }
}

/** Whether a union of this kind must say in the store which of its members a value is. The runtime decides alike. */
export function holdsTagged(kind: KindModel): boolean {
  switch (kind.type) {
    case "date":
    case "bigint":
    case "bytes":
      return true;
    case "array":
      return holdsTagged(kind.items);
    case "tuple":
      return [...kind.items, ...(kind.rest ? [kind.rest] : [])].some(holdsTagged);
    case "object":
      return kind.members.some((member) => holdsTagged(member.kind));
    case "record":
      return holdsTagged(kind.values);
    case "union":
      return kind.members.some(holdsTagged);
    case "nullable":
      return holdsTagged(kind.inner);
    default:
      return false;
  }
}

/** The form of a union's alternatives, by the form of the union. */
export function formBelowUnion<Form extends CheckedForm>(
  kind: KindModel,
  form: Form,
): Form | "alternative" | "tagged" {
  if (form !== "wire") return form;
  return holdsTagged(kind) ? "tagged" : "alternative";
}

function textRules(kind: StringKind): CheckSchema {
  return {
    isWellFormed: true,
    ...present({ minCodePoints: kind.minLength, maxCodePoints: kind.maxLength }),
    ...(kind.patterns?.length && {
      matches: kind.patterns.map((pattern) => ({ ...pattern, format: kind.format })),
    }),
  };
}

function numberLimits(kind: NumberKind): CheckSchema {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = kind;
  return present({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, step: kind.multipleOf });
}

function bigintLimits(kind: BigintKind): CheckSchema {
  return present({
    atLeast: kind.minimum?.toString(),
    atMost: kind.maximum?.toString(),
    above: kind.exclusiveMinimum?.toString(),
    below: kind.exclusiveMaximum?.toString(),
    bigintStep: kind.multipleOf?.toString(),
  });
}

function dateSchema(
  earliest: number | undefined,
  latest: number | undefined,
  form: CheckedForm,
): CheckSchema {
  const limits = present({ earliest, latest });
  if (form === "app") return { is: "date", ...limits };
  const epoch = { is: "epoch", ...limits };
  return form === "tagged" ? onlyMember("$date", epoch) : epoch;
}

function objectSchema(kind: ObjectKind, form: CheckedForm): CheckSchema {
  const required = kind.members
    .filter((member) => isRequired(member, form))
    .map((member) => nameIn(form, member));
  const schema = {
    type: "object",
    isPlain: true,
    properties: Object.fromEntries(
      kind.members.map((member) => [nameIn(form, member), kindSchema(member.kind, form)]),
    ),
    ...(required.length > 0 && { required }),
    ...(kind.strict === true && form !== "wire" && { additionalProperties: false }),
  };
  const marked = form === "tagged" ? kind.members.filter((member) => member.name.startsWith("$")) : [];
  const alone = marked.filter((member) => required.every((name) => name === member.name));
  if (alone.length === 0) return schema;
  const escaped = alone.map((member) => onlyMember(`$${member.name}`, kindSchema(member.kind, form)));
  return { anyOf: [...escaped, schema] };
}

/** What a field or member is called in this form. */
function nameIn(form: CheckedForm, member: MemberModel): string {
  return form === "wire" ? storedName(member) : member.name;
}

/** Whether a member must be there in this form. */
export function isRequired(member: MemberModel, form: CheckedForm): boolean {
  return member.optional !== true && (form !== "wire" || member.default === undefined);
}

function recordSchema(kind: RecordKind, form: CheckedForm): CheckSchema {
  const keyRule = form === "tagged" ? "storedKeys" : "propertyNames";
  return {
    type: "object",
    isPlain: true,
    [keyRule]: { isSafeKey: true, ...textRules(kind.keys) },
    additionalProperties: kindSchema(kind.values, form),
  };
}

function onlyMember(name: string, schema: CheckSchema): CheckSchema {
  return { type: "object", properties: { [name]: schema }, required: [name], maxProperties: 1 };
}

function orNull(schema: CheckSchema): CheckSchema {
  if (Array.isArray(schema["anyOf"])) return { anyOf: [...schema["anyOf"], { type: "null" }] };
  if (typeof schema["type"] === "string") return { ...schema, type: [schema["type"], "null"] };
  return { ...schema, orNull: true };
}

function present(rules: Readonly<Record<string, unknown>>): CheckSchema {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}
