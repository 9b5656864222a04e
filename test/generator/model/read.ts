import { expect } from "vitest";
import { unknownSource } from "../../../generator/load/source-node.js";
import type { FieldModel } from "../../../generator/model/model.js";
import { readFields } from "../../../generator/model/read-fields.js";
import type { SchemaFault } from "../../../generator/schema-error.js";

/** The fields of a shape in which nothing is refused. */
export function read(shape: unknown): readonly FieldModel[] {
  const faults: SchemaFault[] = [];
  const { fields } = readFields(shape, unknownSource("/session.schema.ts"), faults);
  expect(faults.map(({ message }) => message)).toEqual([]);
  return fields;
}
