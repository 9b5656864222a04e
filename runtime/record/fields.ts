import type { MergeRules, MergeStrategy } from "../session/merge.js";
import type { FieldShape, Kind, Shape, WireValue } from "../types/shape.js";
import { createUntouched, type IsUntouched } from "./untouched.js";
import { type Converter, createConverter } from "./wire.js";

/** One field of the shape with its converter. */
export interface Field {
  readonly name: string;
  /** The name it is stored under, by which changes, merging and indexes know it. */
  readonly stored: string;
  readonly kind: Kind;
  readonly converter: Converter;
  readonly isUntouched: IsUntouched;
  /** In wire form; absent for an optional field. */
  readonly default: WireValue | undefined;
  readonly merge: MergeStrategy;
  readonly isRedacted: boolean;
}

/** The fields of a kind, made ready once. */
export interface Fields extends MergeRules {
  readonly all: readonly Field[];
  find(name: string): Field | undefined;
  findStored(stored: string): Field | undefined;
  /** What people call the field that is stored under this name. */
  nameOf(stored: string): string;
}

/** Prepares a shape for use. */
export function createFields(
  shape: Shape,
  merge: Readonly<Record<string, MergeStrategy | undefined>> = {},
  redact: readonly string[] = [],
): Fields {
  const toField = (name: string, field: FieldShape): Field => ({
    name,
    stored: field.stored ?? name,
    kind: field.kind,
    converter: createConverter(field.kind),
    isUntouched: createUntouched(field.kind),
    default: field.default,
    merge: merge[name] ?? "replace",
    isRedacted: redact.includes(name),
  });
  const byName = new Map(Object.entries(shape).map(([name, field]) => [name, toField(name, field)]));
  const byStored = new Map([...byName.values()].map((field) => [field.stored, field]));
  return {
    all: [...byName.values()],
    find: (name) => byName.get(name),
    findStored: (stored) => byStored.get(stored),
    nameOf: (stored) => byStored.get(stored)?.name ?? stored,
    strategyOf: (stored) => byStored.get(stored)?.merge ?? "replace",
    defaultOf: (stored) => byStored.get(stored)?.default,
    filled(stored, value) {
      const field = byStored.get(stored);
      return field === undefined
        ? value
        : field.converter.toWire(field.converter.fromWire(value), field.name);
    },
  };
}
