import type { KindModel, LiteralKind, MemberModel, Model, ObjectKind, TupleKind } from "../../model/model.js";
import { quote } from "../literal.js";
import type { KindTitles } from "./kind-titles.js";
import { inLayoutOrder, isOption, variantsOf } from "./layout.js";
import { rustField, rustWord } from "./rust-names.js";

/** The layout of a kind's records as Rust source: types that bincode 2 reads and writes alike. Lines, without line ends. */
export function rustTypes({ fields }: Pick<Model, "fields">, titles: KindTitles): readonly string[] {
  const members = fields.map(({ name, kind }): MemberModel => ({ name, kind, optional: true }));
  const types = [
    structLines(titles.root, { type: "object", members }, titles),
    ...[...titles.types].map(([kind, title]) => namedLines(kind, title, titles)),
  ];
  if ([...titles.paths.keys()].some(({ type }) => type === "union")) types.push(valueLines);
  const body = types.flat();
  const maps = body.some((line) => line.includes("BTreeMap<")) ? ["use std::collections::BTreeMap;"] : [];
  return ["use bincode::{Decode, Encode};", ...maps, ...body];
}

const derive = "#[derive(Debug, Clone, PartialEq, Encode, Decode)]";
const bigintNote = "as num_bigint::BigInt::from_signed_bytes_be reads it";

/** What a union holds, whatever its alternatives are. */
const valueLines: readonly string[] = [
  "",
  derive,
  "pub enum Value {",
  "    Null,",
  "    Boolean(bool),",
  "    Integer(i64),",
  "    Number(f64),",
  "    Text(String),",
  `    Bigint(Vec<u8>), // ${bigintNote}`,
  "    Bytes(Vec<u8>),",
  "    List(Vec<Value>),",
  '    Object(BTreeMap<String, Value>), // a date is { "$date": milliseconds since 1970 }',
  "}",
];

function namedLines(kind: KindModel, title: string, titles: KindTitles): readonly string[] {
  if (kind.type === "object") return structLines(title, kind, titles);
  if (kind.type === "tuple") return tupleLines(title, kind, titles);
  return kind.type === "literal" ? enumLines(title, kind) : [];
}

function structLines(title: string, kind: ObjectKind, titles: KindTitles): readonly string[] {
  const taken = new Set<string>();
  const lines = inLayoutOrder(kind.members).map((member) => {
    const field = rustField(member.name, taken);
    const type = typeOf(member.kind, titles);
    return `    pub ${field}: ${isOption(member) ? `Option<${type}>` : type},${noteOf(member, field)}`;
  });
  return ["", derive, `pub struct ${title} {`, ...lines, "}"];
}

function tupleLines(title: string, { items, rest }: TupleKind, titles: KindTitles): readonly string[] {
  const types = items.map((item) => typeOf(item, titles));
  if (rest !== undefined) types.push(`Vec<${typeOf(rest, titles)}>`);
  return ["", derive, `pub struct ${title}(${types.map((type) => `pub ${type}`).join(", ")});`];
}

function enumLines(title: string, kind: LiteralKind): readonly string[] {
  const taken = new Set<string>();
  const lines = variantsOf(kind).map((value) => {
    const word = rustWord(String(value), taken);
    return `    ${word}, // ${typeof value === "string" ? quote(value) : String(value)}`;
  });
  return ["", derive, `pub enum ${title} {`, ...lines, "}"];
}

function typeOf(kind: KindModel, titles: KindTitles): string {
  switch (kind.type) {
    case "literal":
    case "object":
    case "tuple":
      return titles.types.get(kind) ?? "Value";
    case "array":
      return `Vec<${typeOf(kind.items, titles)}>`;
    case "record":
      return `BTreeMap<String, ${typeOf(kind.values, titles)}>`;
    case "nullable":
      return `Option<${typeOf(kind.inner, titles)}>`;
    default:
      return scalarTypes[kind.type];
  }
}

const scalarTypes = {
  string: "String",
  number: "f64",
  integer: "i64",
  boolean: "bool",
  null: "()",
  bigint: "Vec<u8>",
  date: "i64",
  bytes: "Vec<u8>",
  union: "Value",
} as const;

/** What the type of a member does not say. */
function noteOf({ name, kind }: MemberModel, field: string): string {
  const { type } = kind.type === "nullable" ? kind.inner : kind;
  const plain = field.replace("r#", "");
  const isNamedAlike = plain.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) === name;
  const notes = [
    ...(isNamedAlike || plain === name ? [] : [quote(name)]),
    ...(type === "date" ? ["milliseconds since 1970"] : []),
    ...(type === "bigint" ? [bigintNote] : []),
  ];
  return notes.length === 0 ? "" : ` // ${notes.join(", ")}`;
}
