import type { StringKind } from "./model.js";

/** A regular expression as data. */
export type Pattern = NonNullable<StringKind["patterns"]>[number];

/** What a named format checks, and its name in JSON Schema if it has one. */
export interface StringFormat {
  readonly source: string;
  readonly jsonSchema?: string;
}

/**
 * A pattern as data, with the flag `u` whenever the source is valid under it.
 * `undefined` when a flag makes it depend on more than the text (`y`).
 */
export function toPattern(expression: RegExp): Pattern | undefined {
  const flags = expression.flags.replaceAll(/[gd]/g, "");
  if (flags.includes("y")) return undefined;
  if (/[uv]/.test(flags)) return { source: expression.source, flags };
  const unicode = [...flags, "u"].sort().join("");
  return { source: expression.source, flags: compiles(expression.source, unicode) ? unicode : flags };
}

/** Whether a text is a regular expression under some flags. */
export function compiles(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}

/** What zod takes for an address, and TypeBox here too. */
export const emailSource =
  "^(?:[A-Za-z0-9_'+\\-]+\\.)*[A-Za-z0-9_'+\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$";

/** `new URL` as a pattern: a scheme and no blanks; those of the web need a host. */
const uri =
  "^(?!(?:[hH][tT][tT][pP][sS]?|[wW][sS][sS]?|[fF][tT][pP]):(?!\\/\\/[^\\s\\/?#]))[a-zA-Z][a-zA-Z0-9+.\\-]*:\\S+$";

const webUri =
  "^[hH][tT][tT][pP][sS]?:\\/\\/(?:[^\\s\\/?#@]*@)?(?:[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?\\.)+[a-zA-Z]{2,63}(?::\\d{1,5})?(?:[\\/?#]\\S*)?$";

/** Formats that zod checks in code, as the patterns of its own JSON Schema where it has one. */
export const codedFormats: Readonly<Record<string, StringFormat>> = {
  url: { source: uri, jsonSchema: "uri" },
  httpUrl: { source: webUri, jsonSchema: "uri" },
  jwt: { source: "^[A-Za-z0-9_\\-]+\\.[A-Za-z0-9_\\-]+\\.[A-Za-z0-9_\\-]*$" },
  base64: { source: "^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$" },
  base64url: { source: "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$" },
};

/** zod's names of formats that JSON Schema has too. */
export const jsonSchemaNames: Readonly<Record<string, string>> = {
  email: "email",
  url: "uri",
  uuid: "uuid",
  guid: "uuid",
  datetime: "date-time",
  date: "date",
  duration: "duration",
  ipv4: "ipv4",
  ipv6: "ipv6",
  hostname: "hostname",
};
