import type { Kind, Shape, WireValue } from "./shape.js";
import { holdsTagged } from "./tagged.js";

/** Rewrites the parts of a wire value that JSON cannot hold: bigint as decimal text, bytes as base64. */
export interface JsonForm {
  toJson(wire: WireValue): WireValue;
  /** Passes on what has another type than expected, for the validator to refuse. */
  fromJson(json: WireValue): WireValue;
}

/** The form of a kind, or `null` when JSON holds its wire values as they are. */
export function createJsonForm(kind: Kind): JsonForm | null {
  if (typeof kind === "string") return scalarForms[kind] ?? null;
  if ("array" in kind) return itemsForm(createJsonForm(kind.array));
  if ("tuple" in kind)
    return tupleForm(kind.tuple.map(createJsonForm), kind.rest ? createJsonForm(kind.rest) : null);
  if ("object" in kind) return objectForm(kind.object);
  if ("record" in kind) return recordForm(createJsonForm(kind.record));
  if ("nullable" in kind) return createJsonForm(kind.nullable);
  return holdsTagged(kind) ? unionForm : null;
}

const bigintGrammar = /^(?:0|-?[1-9]\d*)$/;
const base64Grammar = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const bigintForm: JsonForm = {
  toJson: (wire) => (typeof wire === "bigint" ? String(wire) : wire),
  fromJson: (json) => (typeof json === "string" && bigintGrammar.test(json) ? BigInt(json) : json),
};

const bytesForm: JsonForm = {
  toJson: (wire) => (wire instanceof Uint8Array ? toBase64(wire) : wire),
  fromJson: (json) => (typeof json === "string" && base64Grammar.test(json) ? fromBase64(json) : json),
};

const scalarForms: Readonly<Partial<Record<string, JsonForm>>> = { bigint: bigintForm, bytes: bytesForm };

function itemsForm(item: JsonForm | null): JsonForm | null {
  return item && tupleForm([], item);
}

function tupleForm(items: readonly (JsonForm | null)[], rest: JsonForm | null): JsonForm | null {
  if (rest === null && items.every((item) => item === null)) return null;
  const convert = (value: WireValue, direction: keyof JsonForm): WireValue =>
    Array.isArray(value)
      ? value.map((element: WireValue, index) => (items[index] ?? rest)?.[direction](element) ?? element)
      : value;
  return { toJson: (wire) => convert(wire, "toJson"), fromJson: (json) => convert(json, "fromJson") };
}

function objectForm(shape: Shape): JsonForm | null {
  const forms = new Map<string, JsonForm>();
  for (const [name, field] of Object.entries(shape)) {
    const form = createJsonForm(field.kind);
    if (form) forms.set(name, form);
  }
  if (forms.size === 0) return null;
  return memberForm((name) => forms.get(name));
}

function recordForm(item: JsonForm | null): JsonForm | null {
  return item && memberForm(() => item);
}

function memberForm(formOf: (name: string) => JsonForm | undefined): JsonForm {
  const convert = (value: WireValue, direction: keyof JsonForm): WireValue =>
    isObject(value)
      ? mapMembers(value, (member, name) => formOf(name)?.[direction](member) ?? member)
      : value;
  return { toJson: (wire) => convert(wire, "toJson"), fromJson: (json) => convert(json, "fromJson") };
}

/** Below a union nothing but the value itself says what it is, so bigint and bytes are marked as dates are. */
const unionForm: JsonForm = { toJson: mark, fromJson: unmark };

function mark(wire: WireValue): WireValue {
  if (typeof wire === "bigint") return { $bigint: String(wire) };
  if (wire instanceof Uint8Array) return { $bytes: toBase64(wire) };
  if (Array.isArray(wire)) return wire.map(mark);
  return isObject(wire) ? mapMembers(wire, mark) : wire;
}

function unmark(json: WireValue): WireValue {
  if (Array.isArray(json)) return json.map(unmark);
  if (!isObject(json)) return json;
  const names = Object.keys(json);
  if (names.length === 1 && names[0] === "$bigint") return bigintForm.fromJson(json["$bigint"] ?? null);
  if (names.length === 1 && names[0] === "$bytes") return bytesForm.fromJson(json["$bytes"] ?? null);
  return mapMembers(json, unmark);
}

interface WireObject {
  readonly [member: string]: WireValue;
}

function isObject(value: WireValue): value is WireObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function mapMembers(value: WireObject, convert: (member: WireValue, name: string) => WireValue): WireValue {
  const mapped: Record<string, WireValue> = Object.create(null);
  for (const [name, member] of Object.entries(value)) mapped[name] = convert(member, name);
  return mapped;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
