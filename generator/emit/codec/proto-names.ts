import { snakeCase } from "../kind-names.js";

/** The names of one message's scope: its fields, the types inside it, and the values of its enums. */
export interface ProtoScope {
  field(name: string): string;
  type(words: readonly string[]): string;
  /** `THEME_DARK` for the value "dark" of the enum Theme. */
  value(enumName: string, text: string): string;
}

/** An empty scope, in which the types that every message may name are not hidden. */
export function createProtoScope(): ProtoScope {
  const taken = new Set(["AnyValue", "AnyList", "AnyMembers", "NullItems"]);
  const unique = (name: string): string => {
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
    taken.add(free);
    return free;
  };
  return {
    field: (name) => unique(fieldName(name)),
    type: (words) => unique(pascalCase(words)),
    value: (enumName, text) => unique(`${snakeCase(enumName)}_${valueName(text)}`.toUpperCase()),
  };
}

/** How the name of a field is spelled in protobuf's JSON unless it says otherwise. */
export function jsonNameOf(fieldIdentifier: string): string {
  return fieldIdentifier.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fieldName(name: string): string {
  const snake = snakeCase(name).replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(snake) ? snake : `field_${snake}`;
}

function pascalCase(words: readonly string[]): string {
  const parts = words.flatMap((word) => snakeCase(word).split("_")).filter((part) => part !== "");
  const joined = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return /^[A-Z]/.test(joined) ? joined : `Type${joined}`;
}

function valueName(text: string): string {
  return snakeCase(text.replace(/^-/, "minus ")).replace(/^_+/, "") || "empty";
}
