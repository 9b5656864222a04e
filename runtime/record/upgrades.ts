import type { CheckWire } from "../types/check-wire.js";
import type { Shape, WireFields, WireValue } from "../types/shape.js";
import { toData } from "./copy-data.js";
import { createFields, type Field, type Fields } from "./fields.js";

/** A version of the shape before the present one: what its fields were, and the check of its stored form. */
export interface OlderVersion {
  readonly shape: Shape;
  readonly checkWire: CheckWire;
}

/** What a field was in an older version, or that there was no such field yet. */
export interface UpgradeStep {
  /** The place in `KindUpgrades.older` of the version whose fields the upgrade is given. */
  readonly version: number;
  /** The name that the field was stored under; left out where there was no such field. */
  readonly stored?: string;
  /** The hashes of the shapes that had no such field, where `stored` is left out. */
  readonly shapes?: readonly string[];
}

/** How the fields of older versions become those of this one, as generated code says it. */
export interface KindUpgrades {
  /** What the app has defined: for some fields a function, or one for each of its steps. */
  readonly functions: object;
  /** Oldest first. */
  readonly older: readonly OlderVersion[];
  /** By the name of the field, oldest first. */
  readonly steps: Readonly<Record<string, readonly UpgradeStep[]>>;
}

/** What became of an older value, or of a record that had none. */
export type Upgraded =
  | { readonly is: "converted"; readonly wire: WireValue | undefined }
  /** From others: no value of the field's own is stored anywhere. */
  | { readonly is: "computed"; readonly wire: WireValue | undefined }
  | { readonly is: "failed"; readonly cause: unknown };

/** A record's fields, and the shape of the version that wrote it last; `null` when that does not matter. */
export interface WrittenFields {
  readonly fields: WireFields;
  readonly shapeHash: string | null;
}

/** The upgrades of a kind, made ready. Fields are called as they are stored. */
export interface Upgrades {
  /** The fields that are not stored here, but were, as something else, in an older version, or that follow from others. */
  missing(written: WrittenFields): readonly string[];
  /** What a field was stored as before it was retyped. */
  formerNames(field: string): readonly string[];
  /** The field's value by what an older version stored; `null` when there is nothing that one of them could have. */
  convert(field: string, written: WrittenFields): Upgraded | null;
}

/** Prepares the upgrades of a kind. */
export function createUpgrades(
  { functions, older, steps }: KindUpgrades,
  fields: Fields,
  checkWire: CheckWire,
): Upgrades {
  const versions = older.map((version) => ({ ...version, fields: createFields(version.shape) }));
  const chains = new Map<string, Chain>();
  for (const [name, its] of Object.entries(steps)) {
    const field = fields.find(name);
    const chain = field && toChain(Reflect.get(functions, name), its, versions, field);
    if (chain !== undefined) chains.set(chain.field.stored, chain);
  }
  const isMissing = ({ field, links }: Chain, written: WrittenFields): boolean =>
    written.fields[field.stored] === undefined &&
    links.some(({ was, shapes }) =>
      was === null ? isOneOf(shapes, written) : written.fields[was.stored] !== undefined,
    );
  const former = new Map([...chains].map(([stored, { links }]) => [stored, formerNames(stored, links)]));
  return {
    missing: (written) =>
      [...chains].filter(([, chain]) => isMissing(chain, written)).map(([stored]) => stored),
    formerNames: (field) => former.get(field) ?? [],
    convert(field, written) {
      const chain = chains.get(field);
      const start = chain?.links.findLastIndex((link) => isHeld(chain.field, link, written)) ?? -1;
      return chain === undefined || start < 0 ? null : run(chain, start, written.fields, checkWire);
    },
  };
}

type Convert = (old: unknown, record: Readonly<Record<string, unknown>>) => unknown;

interface Version extends OlderVersion {
  readonly fields: Fields;
}

/** What a field was, and what makes the next of it, or the present one. */
interface Link {
  readonly version: Version;
  /** `null` where there was no such field: in the records of these shapes. */
  readonly was: Field | null;
  readonly shapes: readonly string[];
  readonly convert: Convert;
}

interface Chain {
  readonly field: Field;
  /** Whether each link's function gives what the next one takes; else each gives the present value. */
  readonly isStepwise: boolean;
  readonly links: readonly Link[];
}

function toChain(
  defined: unknown,
  steps: readonly UpgradeStep[],
  versions: readonly Version[],
  field: Field,
): Chain | undefined {
  if (defined === undefined) return undefined;
  const isStepwise = Array.isArray(defined);
  const [absent, former] = [steps.filter(isAbsent), steps.filter((step) => !isAbsent(step))];
  // A function for what the field was is not called where there was none; in a list that is done by one after all steps.
  const isComputed = isStepwise ? defined.length > former.length : former.length === 0;
  const links = [...(isComputed ? absent : []), ...former].flatMap((step): readonly Link[] => {
    const { version: index, stored, shapes = [] } = step;
    const version = versions[index];
    const was = stored === undefined ? null : version?.fields.findStored(stored);
    const place = isAbsent(step) ? former.length : former.indexOf(step);
    const convert: unknown = isStepwise ? defined[place] : defined;
    return version && was !== undefined && isConvert(convert) ? [{ version, was, shapes, convert }] : [];
  });
  return { field, isStepwise, links };
}

function isAbsent({ stored }: UpgradeStep): boolean {
  return stored === undefined;
}

function isConvert(value: unknown): value is Convert {
  return typeof value === "function";
}

function formerNames(stored: string, links: readonly Link[]): readonly string[] {
  return [...new Set(links.flatMap(({ was }) => (was === null ? [] : [was.stored])))].filter(
    (name) => name !== stored,
  );
}

/** Whether a record has what the field was in this version, and nothing else that only is called so; or is of one that had none. */
function isHeld({ stored }: Field, { version, was, shapes }: Link, written: WrittenFields): boolean {
  const { fields } = written;
  if (was === null) return fields[stored] === undefined && isOneOf(shapes, written);
  const value = fields[was.stored];
  return value !== undefined && version.checkWire({ [was.stored]: value }).length === 0;
}

function isOneOf(shapes: readonly string[], { shapeHash }: WrittenFields): boolean {
  return shapeHash !== null && shapes.includes(shapeHash);
}

function run(
  { field, isStepwise, links }: Chain,
  start: number,
  fields: WireFields,
  checkWire: CheckWire,
): Upgraded {
  const [first, ...others] = links.slice(start);
  if (first === undefined) return { is: "failed", cause: undefined };
  const is = first.was === null ? "computed" : "converted";
  try {
    const old = first.was?.converter.fromWire(fields[first.was.stored] ?? null);
    let value = converted(first, old, fields);
    for (const link of isStepwise && first.was !== null ? others : []) {
      if (value !== undefined) value = converted(link, value, fields);
    }
    if (value === undefined) return { is, wire: undefined };
    const wire = field.converter.toWire(value, field.name);
    const [problem] = checkWire({ [field.stored]: wire });
    if (problem === undefined) return { is, wire };
    return { is: "failed", cause: new TypeError(`${problem.path} ${problem.message}`) };
  } catch (cause) {
    return { is: "failed", cause };
  }
}

/** What a link's function gives. A promise is no value, and nobody waits for it: its failure must not end the process. */
function converted({ convert, version }: Link, old: unknown, fields: WireFields): unknown {
  const value = convert(old, recordOf(version, fields));
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError("An upgrade has to give its value at once, not a promise.");
}

/** The record as that version had it, defaults filled in; what it would refuse is left out. */
function recordOf({ fields: known, checkWire }: Version, fields: WireFields): Record<string, unknown> {
  const refused = new Set(checkWire(fields).map((problem) => problem.field));
  const own = Object.entries(fields).filter(([stored]) => !refused.has(stored));
  return toData(Object.fromEntries(own), known);
}
