import type { CheckWire } from "../record/check-wire.js";
import type { Shape, WireFields, WireValue } from "../record/shape.js";
import { toData } from "./copy-data.js";
import { createFields, type Field, type Fields } from "./fields.js";

/** A version of the shape before the present one: what its fields were, and the check of its stored form. */
export interface OlderVersion {
  readonly shape: Shape;
  readonly checkWire: CheckWire;
}

/** What a field was in an older version. */
export interface UpgradeStep {
  /** Its place in `KindUpgrades.older`. */
  readonly version: number;
  /** The name that the field was stored under. */
  readonly stored: string;
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

/** What became of an older value. */
export type Upgraded =
  | { readonly is: "converted"; readonly wire: WireValue | undefined }
  | { readonly is: "failed"; readonly cause: unknown };

/** The upgrades of a kind, made ready. Fields are called as they are stored. */
export interface Upgrades {
  /** The fields that are not stored here, but were, as something else, in an older version. */
  missing(fields: WireFields): readonly string[];
  /** What a field was stored as before it was retyped. */
  formerNames(field: string): readonly string[];
  /** The field's value by what an older version stored; `null` when there is nothing that one of them could have. */
  convert(field: string, fields: WireFields): Upgraded | null;
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
  const former = new Map([...chains].map(([stored, { links }]) => [stored, formerNames(stored, links)]));
  const retyped = [...former].filter(([, names]) => names.length > 0);
  const isMissing = (stored: string, names: readonly string[], present: WireFields): boolean =>
    present[stored] === undefined && names.some((name) => present[name] !== undefined);
  return {
    missing: (present) =>
      retyped.filter(([stored, names]) => isMissing(stored, names, present)).map(([stored]) => stored),
    formerNames: (field) => former.get(field) ?? [],
    convert(field, present) {
      const chain = chains.get(field);
      const start = chain?.links.findLastIndex((link) => holds(link, present)) ?? -1;
      return chain === undefined || start < 0 ? null : run(chain, start, present, checkWire);
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
  readonly field: Field;
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
  const links = steps.flatMap(({ version: index, stored }, place): readonly Link[] => {
    const version = versions[index];
    const was = version?.fields.all.find((candidate) => candidate.stored === stored);
    const convert: unknown = isStepwise ? defined[place] : defined;
    return version && was && isConvert(convert) ? [{ version, field: was, convert }] : [];
  });
  return { field, isStepwise, links };
}

function isConvert(value: unknown): value is Convert {
  return typeof value === "function";
}

function formerNames(stored: string, links: readonly Link[]): readonly string[] {
  return [...new Set(links.map(({ field }) => field.stored))].filter((name) => name !== stored);
}

/** Whether a record has what the field was in this version, and nothing else that only is called so. */
function holds({ version, field: { stored } }: Link, fields: WireFields): boolean {
  const value = fields[stored];
  return value !== undefined && version.checkWire({ [stored]: value }).length === 0;
}

function run(
  { field, isStepwise, links }: Chain,
  start: number,
  fields: WireFields,
  checkWire: CheckWire,
): Upgraded {
  const [first, ...others] = links.slice(start);
  if (first === undefined) return { is: "failed", cause: undefined };
  try {
    let value: unknown = first.field.converter.fromWire(fields[first.field.stored] ?? null);
    for (const link of isStepwise ? [first, ...others] : [first]) {
      if (value !== undefined) value = link.convert(value, recordOf(link.version, fields));
    }
    if (value === undefined) return { is: "converted", wire: undefined };
    const wire = field.converter.toWire(value, field.name);
    const [problem] = checkWire({ [field.stored]: wire });
    if (problem === undefined) return { is: "converted", wire };
    return { is: "failed", cause: new TypeError(`${problem.path} ${problem.message}`) };
  } catch (cause) {
    return { is: "failed", cause };
  }
}

/** The record as that version had it, defaults filled in; what it would refuse is left out. */
function recordOf({ fields: known, checkWire }: Version, fields: WireFields): Record<string, unknown> {
  const refused = new Set(checkWire(fields).map((problem) => problem.field));
  const own = Object.entries(fields).filter(([stored]) => !refused.has(stored));
  return toData(Object.fromEntries(own), known);
}
