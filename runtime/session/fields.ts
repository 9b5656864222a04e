import type { FieldShape, Shape, WireValue } from "../record/shape.js";
import { type Converter, createConverter } from "../record/wire.js";
import type { MergeRules, MergeStrategy } from "./merge.js";

/** One field of the shape with its converter. */
export interface Field {
  readonly name: string;
  readonly converter: Converter;
  /** In wire form; absent for an optional field. */
  readonly default: WireValue | undefined;
  readonly merge: MergeStrategy;
  readonly isRedacted: boolean;
}

/** The fields of a kind, made ready once. */
export interface Fields extends MergeRules {
  readonly all: readonly Field[];
  find(name: string): Field | undefined;
}

/** Prepares a shape for use. */
export function createFields(
  shape: Shape,
  merge: Readonly<Record<string, MergeStrategy | undefined>> = {},
  redact: readonly string[] = [],
): Fields {
  const toField = (name: string, field: FieldShape): Field => ({
    name,
    converter: createConverter(field.kind),
    default: field.default,
    merge: merge[name] ?? "replace",
    isRedacted: redact.includes(name),
  });
  const byName = new Map(Object.entries(shape).map(([name, field]) => [name, toField(name, field)]));
  return {
    all: [...byName.values()],
    find: (name) => byName.get(name),
    strategyOf: (name) => byName.get(name)?.merge ?? "replace",
    defaultOf: (name) => byName.get(name)?.default,
  };
}
