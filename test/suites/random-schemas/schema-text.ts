import type { DrawnKind, DrawnMember, DrawnObject } from "./drawn-kind.js";

/** How a library writes what was drawn. */
export interface Words {
  readonly library: "zod" | "typebox";
  /** The lines that a schema file begins with. */
  readonly imports: string;
  /** The whole shape as an expression. */
  shape(shape: DrawnObject): string;
}

/** In zod 4. */
export const zodWords: Words = {
  library: "zod",
  imports: 'import { z } from "zod";',
  shape: (shape) => `z.object({${membersText(shape, zodMember)}})`,
};

/**
 * The shape as zod judges by it what an app holds, which has its defaults. An object of ours is a plain one, which zod
 * leaves open where all its members may be absent: `plain` is to make a schema refuse others.
 */
export const zodOracle: Words["shape"] = (shape) => zodText(shape, true);

/** In TypeBox 1.x. */
export const typeBoxWords: Words = {
  library: "typebox",
  imports: 'import Type from "typebox";\nimport { bytes, date } from "session-gen/typebox";',
  shape: (shape) => `Type.Object({${membersText(shape, typeBoxMember)}})`,
};

function membersText({ members }: DrawnObject, memberText: (member: DrawnMember) => string): string {
  return members
    .map((member) => {
      const doc = member.doc === undefined ? "" : `  /** ${member.doc.replaceAll("*/", "*\\/")} */\n`;
      const name = member.name === "__proto__" ? '["__proto__"]' : JSON.stringify(member.name);
      return `\n${doc}  ${name}: ${memberText(member)},`;
    })
    .join("")
    .concat("\n");
}

function zodMember({ kind, presence }: DrawnMember, isOracle = false): string {
  const text = zodText(kind, isOracle);
  const isFilledIn = typeof presence === "object" && isOracle;
  if (presence === "required" || isFilledIn) return text;
  return presence === "optional" ? `${text}.optional()` : `${text}.default(${valueText(presence.default)})`;
}

function zodText(kind: DrawnKind, isOracle = false): string {
  const inner = (other: DrawnKind): string => zodText(other, isOracle);
  switch (kind.is) {
    case "string":
      return kind.format?.zod ?? `z.string()${zodLimits(kind)}`;
    case "number":
    case "integer":
      return `z.${kind.is === "integer" ? "int" : "number"}()${zodLimits(kind)}${kind.step === undefined ? "" : `.multipleOf(${kind.step})`}`;
    case "bigint":
      return `z.bigint()${zodLimits(kind, (limit) => `${limit}n`)}`;
    case "date":
      return `z.date()${zodLimits(kind, (limit) => `new Date(${limit})`)}`;
    case "bytes": {
      const checks = [...limit("z.minLength", kind.min), ...limit("z.maxLength", kind.max)];
      return `z.instanceof(Uint8Array)${checks.length > 0 ? `.check(${checks.join(", ")})` : ""}`;
    }
    case "boolean":
    case "null":
    case "any":
      return `z.${kind.is}()`;
    case "literal":
      return `z.literal([${kind.values.map(valueText).join(", ")}])`;
    case "array":
      return `z.array(${inner(kind.items)})${zodLimits(kind)}`;
    case "tuple":
      return `z.tuple([${kind.items.map(inner).join(", ")}])`;
    case "record":
      return `z.record(${kind.format?.zod ?? "z.string()"}, ${inner(kind.values)})`;
    case "union":
      return `z.union([${kind.members.map(inner).join(", ")}])`;
    case "nullable":
      return `${inner(kind.inner)}.nullable()`;
    case "object": {
      const text = `z.${kind.isStrict ? "strictObject" : "object"}({${membersText(kind, (member) => zodMember(member, isOracle))}})`;
      return isOracle ? `plain(${text})` : text;
    }
  }
}

function zodLimits(
  { min, max }: { readonly min?: number; readonly max?: number },
  write: (limit: number) => string = String,
): string {
  return `${min === undefined ? "" : `.min(${write(min)})`}${max === undefined ? "" : `.max(${write(max)})`}`;
}

function limit(word: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${word}(${value})`];
}

function typeBoxMember({ kind, presence }: DrawnMember): string {
  if (presence === "required") return typeBoxText(kind);
  if (presence === "optional") return `Type.Optional(${typeBoxText(kind)})`;
  return typeBoxText(kind, [`default: ${valueText(presence.default)}`]);
}

function typeBoxText(kind: DrawnKind, more: readonly string[] = []): string {
  const call = (word: string, first: readonly string[], options: readonly string[] = []): string => {
    const all = [...options, ...more];
    return `${word}(${[...first, ...(all.length > 0 ? [`{ ${all.join(", ")} }`] : [])].join(", ")})`;
  };
  const inner = (other: DrawnKind): string => typeBoxText(other);
  switch (kind.is) {
    case "string":
      return call(
        "Type.String",
        [],
        kind.format ? [kind.format.typeBox.slice(2, -2)] : bounds(kind, "Length"),
      );
    case "number":
    case "integer":
      return call(
        kind.is === "integer" ? "Type.Integer" : "Type.Number",
        [],
        [...bounds(kind, "imum"), ...(kind.step === undefined ? [] : [`multipleOf: ${kind.step}`])],
      );
    case "bigint":
      return call(
        "Type.BigInt",
        [],
        bounds(kind, "imum", (limit) => `${limit}n`),
      );
    case "date":
      return call("date", [], bounds(kind, "imumTimestamp"));
    case "bytes":
      return call("bytes", [], bounds(kind, "ByteLength"));
    case "boolean":
      return call("Type.Boolean", []);
    case "null":
      return call("Type.Null", []);
    case "any":
      return call("Type.Any", []);
    case "literal": {
      const literals = kind.values.map((value) => `Type.Literal(${valueText(value)})`);
      return call("Type.Union", [`[${literals.join(", ")}]`]);
    }
    case "array":
      return call("Type.Array", [inner(kind.items)], bounds(kind, "Items"));
    case "tuple":
      return call("Type.Tuple", [`[${kind.items.map(inner).join(", ")}]`]);
    case "record": {
      const keys = `Type.String(${kind.format?.typeBox ?? ""})`;
      return call("Type.Record", [keys, inner(kind.values)]);
    }
    case "union":
      return call("Type.Union", [`[${kind.members.map(inner).join(", ")}]`]);
    case "nullable":
      return call("Type.Union", [`[${inner(kind.inner)}, Type.Null()]`]);
    case "object":
      return call(
        "Type.Object",
        [`{${membersText(kind, typeBoxMember)}}`],
        kind.isStrict ? ["additionalProperties: false"] : [],
      );
  }
}

function bounds(
  { min, max }: { readonly min?: number; readonly max?: number },
  suffix: string,
  write: (limit: number) => string = String,
): string[] {
  return [
    ...(min === undefined ? [] : [`min${suffix}: ${write(min)}`]),
    ...(max === undefined ? [] : [`max${suffix}: ${write(max)}`]),
  ];
}

/** A value as an expression. */
function valueText(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(", ")})`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "0" : JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const key = name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
    return `${key}: ${valueText(member)}`;
  });
  return `{ ${members.join(", ")} }`;
}
