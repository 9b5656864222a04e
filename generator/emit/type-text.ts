import type { KindModel, MemberModel, ObjectKind } from "../model/model.js";
import { propertyName, quote } from "./literal.js";

const lineWidth = 90;

/** The TypeScript type of a kind. Lines after the first are indented by `indent`. */
export function typeText(kind: KindModel, indent = ""): string {
  switch (kind.type) {
    case "string":
    case "boolean":
    case "null":
    case "bigint":
      return kind.type;
    case "number":
    case "integer":
      return "number";
    case "date":
      return "Date";
    case "bytes":
      return "Uint8Array";
    case "literal":
      return kind.values
        .map((value) => (typeof value === "string" ? quote(value) : String(value)))
        .join(" | ");
    case "array":
      return `${inBrackets(typeText(kind.items, indent), kind.items)}[]`;
    case "tuple":
      return tupleText(kind.items, kind.rest, indent);
    case "object":
      return objectText(kind, indent);
    case "record":
      return `Record<${typeText(kind.keys)}, ${typeText(kind.values, indent)}>`;
    case "union":
      return unionText(kind.members, indent);
    case "nullable":
      return unionText([kind.inner, { type: "null" }], indent);
  }
}

/** The comment before a member, its `*\/` and line ends made harmless; empty without one. */
function docComment(doc: string | undefined, indent: string): string {
  const text = docText(doc);
  if (text === undefined) return "";
  if (!text.includes("\n")) return `${indent}/** ${text} */\n`;
  const lines = text.split("\n").map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${lines.join("\n")}\n${indent} */\n`;
}

/** The doc comment of a field, as structures take it; none when there is nothing to say. */
export function docs({ doc }: { readonly doc?: string | undefined }): string[] {
  const text = docText(doc);
  return text === undefined ? [] : [text];
}

/** The text of a doc comment, safe between its stars; `undefined` when there is nothing to say. */
export function docText(doc: string | undefined): string | undefined {
  const text = doc
    ?.replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll("*/", "*\\/")
    .trim();
  return text === "" ? undefined : text;
}

function tupleText(items: readonly KindModel[], rest: KindModel | undefined, indent: string): string {
  const texts = items.map((item) => typeText(item, indent));
  if (rest !== undefined) texts.push(`...${inBrackets(typeText(rest, indent), rest)}[]`);
  return `[${texts.join(", ")}]`;
}

function objectText(kind: ObjectKind, indent: string): string {
  if (kind.members.length === 0) return "Record<string, never>";
  const inline = `{ ${kind.members.map((member) => memberText(member, indent)).join("; ")} }`;
  const isShort = indent.length + inline.length <= lineWidth && !inline.includes("\n");
  if (isShort && kind.members.every((member) => docText(member.doc) === undefined)) return inline;
  const inner = `${indent}  `;
  const lines = kind.members.map(
    (member) => `${docComment(member.doc, inner)}${inner}${memberText(member, inner)};\n`,
  );
  return `{\n${lines.join("")}${indent}}`;
}

function memberText(member: MemberModel, indent: string): string {
  const type = typeText(member.kind, indent);
  const name = propertyName(member.name);
  return member.optional === true ? `${name}?: ${type} | undefined` : `${name}: ${type}`;
}

function unionText(kinds: readonly KindModel[], indent: string): string {
  const texts = [...new Set(kinds.map((kind) => typeText(kind, indent)))];
  const inline = texts.join(" | ");
  if (indent.length + inline.length <= lineWidth || inline.includes("\n")) return inline;
  return texts.map((text) => `\n${indent}  | ${text}`).join("");
}

function inBrackets(text: string, kind: KindModel): string {
  const isSeveral =
    kind.type === "union" || kind.type === "nullable" || (kind.type === "literal" && kind.values.length > 1);
  return isSeveral ? `(${text})` : text;
}
