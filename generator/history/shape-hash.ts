import { createHash } from "node:crypto";
import type { FieldModel } from "../model/model.js";
import { modelHash } from "../model/model-hash.js";
import type { NumberedField } from "./model-file.js";

/**
 * The hash that records of a shape carry: the model's, unless fields are stored under other names than their own.
 * The same shape may come again with other stored names, and its records are told apart by this.
 */
export function shapeHash(fields: readonly FieldModel[], numbered: readonly NumberedField[]): string {
  const hash = modelHash(fields);
  const elsewhere = numbered.flatMap(({ name, stored }) => (stored === undefined ? [] : [[name, stored]]));
  if (elsewhere.length === 0) return hash;
  const text = JSON.stringify([hash, elsewhere.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
