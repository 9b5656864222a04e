/** Code that stands in a literal as it is: a name, a call. The only way past the escape point below. */
export interface Code {
  readonly code: string;
}

/** A call with one argument, an object of options: with more than two members it is printed one member a line. */
export interface Call {
  readonly callee: string;
  readonly argument: PrintableObject;
}

/** What can be written as a literal. An `undefined` member of an object is left out. */
export type Printable =
  | string
  | number
  | bigint
  | boolean
  | null
  | Code
  | Call
  | Uint8Array
  | readonly Printable[]
  | PrintableObject;

/** Members in the order in which they are printed. */
export type PrintableObject = ReadonlyMap<string, Printable | undefined>;

/** How long a line may be, where it can be broken. */
export const lineWidth = 100;

/** The code itself, unescaped. */
export function code(text: string): Code {
  return { code: text };
}

/** An object whose members are printed in the order given. */
export function members(entries: Iterable<readonly [string, Printable | undefined]>): PrintableObject {
  return new Map(entries);
}

/** Anything made of plain data, with members in their own order. */
export function printable(value: unknown): Printable {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value !== "object") throw new TypeError(`A ${typeof value} cannot be written as a literal.`);
  return members(
    Object.entries(value).map(([name, member]) => [
      name,
      member === undefined ? undefined : printable(member),
    ]),
  );
}

/** The literal as source text: on one line where it fits, else one member a line. `column` is where its first line starts. */
export function printLiteral(value: Printable, column = 0, indent = ""): string {
  const inline = printInline(value);
  if (isCall(value) && present(value.argument).length > 2) return printBlock(value, indent);
  if (indent.length + column + inline.length <= lineWidth || !isNested(value)) return inline;
  return printBlock(value, indent);
}

/** The literal of an object or array with one member a line, even where one line would do. */
export function printBlock(value: Printable, indent = ""): string {
  const inner = `${indent}  `;
  if (isCall(value)) return `${value.callee}(${printBlock(value.argument, indent)})`;
  if (Array.isArray(value)) {
    const items = value.map((item: Printable) => `${inner}${printLiteral(item, 0, inner)},\n`);
    return items.length === 0 ? "[]" : `[\n${items.join("")}${indent}]`;
  }
  if (!(value instanceof Map)) return printInline(value);
  const lines = present(value).map(([name, member]) => {
    if (isShorthand(name, member)) return `${inner}${name},\n`;
    const label = `${propertyName(name)}: `;
    return `${inner}${label}${printLiteral(member, label.length, inner)},\n`;
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

/** A string as a double-quoted literal that is safe in a script, in a comment's neighbourhood and in any encoding of lines. */
export function quote(text: string): string {
  return (
    JSON.stringify(text)
      .replace(
        /[\u2028\u2029\u007f]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
      )
      .replace(/<(?=[/!])/g, "\\u003c")
      // What writes our files takes a quote after a backslash for one that goes on.
      .replace(/\\\\"$/, '\\u005c"')
  );
}

/** A name as it stands before the colon of an object, an interface or an accessor: quoted unless it is an identifier. */
export function propertyName(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quote(name);
}

function printInline(value: Printable): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `Uint8Array.of(${[...value].join(", ")})`;
  if (value instanceof Map) {
    const inside = present(value).map(([name, member]) =>
      isShorthand(name, member) ? name : `${propertyName(name)}: ${printInline(member)}`,
    );
    return inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
  }
  if (isCode(value)) return value.code;
  if (isCall(value)) {
    const isEmpty = present(value.argument).length === 0;
    return `${value.callee}(${isEmpty ? "" : printInline(value.argument)})`;
  }
  return Array.isArray(value) ? `[${value.map(printInline).join(", ")}]` : "null";
}

function present(value: PrintableObject): [string, Printable][] {
  return [...value].filter((entry): entry is [string, Printable] => entry[1] !== undefined);
}

function isShorthand(name: string, member: Printable): boolean {
  return isCode(member) && member.code === name;
}

function isNested(value: Printable): boolean {
  return Array.isArray(value) || value instanceof Map || isCall(value);
}

function isCall(value: Printable): value is Call {
  return typeof value === "object" && value !== null && "callee" in value;
}

function isCode(value: Printable): value is Code {
  return typeof value === "object" && value !== null && "code" in value;
}
