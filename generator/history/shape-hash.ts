import { createHash } from "node:crypto";
import type { FieldModel } from "../model/model.js";
import { modelHash } from "../model/model-hash.js";
import type { NumberedField } from "./model-file.js";

/**
 * The hash that records of a shape carry: the model's, unless fields or members are stored under other names than
 * their own. The same shape may come again with other stored names, and its records are told apart by this.
 */
export function shapeHash(fields: readonly FieldModel[], numbered: readonly NumberedField[]): string {
  const hash = modelHash(fields);
  const elsewhere = storedElsewhere(numbered, "");
  if (elsewhere.length === 0) return hash;
  return createHash("sha256")
    .update(JSON.stringify([hash, ...elsewhere.sort()]))
    .digest("hex")
    .slice(0, 16);
}

/** The paths of what is stored under another name, each with that name; order means nothing. */
function storedElsewhere(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const named = "name" in value && typeof value.name === "string" ? value.name : undefined;
  const here = named === undefined ? path : `${path}.${JSON.stringify(named)}`;
  const own = "stored" in value && named !== undefined ? [`${here}=${JSON.stringify(value.stored)}`] : [];
  const inner = Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
    // A default is data of the person's.
    key === "default" ? [] : storedElsewhere(part, Array.isArray(value) ? here : `${here}/${key}`),
  );
  return [...own, ...inner];
}
