import { createHash } from "node:crypto";
import type { FieldModel } from "./model.js";

/**
 * What a shape is, as 16 hexadecimal digits: names, kinds, constraints and defaults of its fields.
 * Documentation, names of formats, the order of fields, members, alternatives and values, and all settings leave it as it is.
 */
export function modelHash(fields: readonly FieldModel[]): string {
  return createHash("sha256").update(canonical({ fields })).digest("hex").slice(0, 16);
}

/** Lists whose order means nothing. */
const unordered: ReadonlySet<string> = new Set(["fields", "members", "values", "patterns"]);

function canonical(value: unknown, inDefault = false): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (value instanceof Uint8Array) return `bytes(${Buffer.from(value).toString("base64")})`;
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, inDefault)).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([name]) => inDefault || (name !== "doc" && name !== "format"))
    .map(([name, member]: [string, unknown]) => {
      const sorts = !inDefault && unordered.has(name) && Array.isArray(member);
      const text = sorts
        ? `{${member
            .map((item: unknown) => canonical(item))
            .sort()
            .join()}}`
        : canonical(member, inDefault || name === "default");
      return `${JSON.stringify(name)}:${text}`;
    });
  return `{${members.sort().join()}}`;
}
