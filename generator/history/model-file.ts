import { createHash } from "node:crypto";
import type { IndexColumn } from "../emit/index-columns.js";
import { printJson } from "../emit/print-json.js";

/** `session.model.json`: the committed memory of a schema. Versions are appended, never rewritten. */
export interface ModelFile {
  readonly versions: readonly ModelVersion[];
  /** Every codec that has written records, in the order of their first use; `["json"]` when left out. Appended to. */
  readonly codecs?: readonly string[];
  /** The numbers and codes of versions that were dropped, by the scope that they are unique in: never given again. */
  readonly reserved?: Readonly<Record<string, readonly number[]>>;
  /**
   * What versions that were dropped stored in a scope, with its number or code: records may hold it still. No other thing
   * is stored under such a name, and a value of an enum that comes back has its code again.
   */
  readonly stored?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** One version of the shape and of its table. */
export interface ModelVersion {
  /** 16 hexadecimal digits over everything else in it. */
  readonly hash: string;
  /** The versions it follows: none for the first, one later, two after a merge. */
  readonly parents: readonly string[];
  /** The hash of the shape alone, which records carry in their header. */
  readonly shape: string;
  /** By number. */
  readonly fields: readonly NumberedField[];
  /** What each index keeps, sorted; see `indexIdentities`. Left out when there is none. */
  readonly indexes?: readonly string[];
  /** Present once a database was declared; it stays when the backend changes. */
  readonly table?: TableHistory;
}

/** A field or member. Its number is never given to another one. */
export interface NumberedField {
  readonly number: number;
  readonly name: string;
  /** What a field is stored under, for all its life, where that is not its name. Members are stored under their names. */
  readonly stored?: string;
  /** What the field was stored under whose place this one took with another type. */
  readonly follows?: string;
  readonly kind: NumberedKind;
  readonly optional?: true;
  readonly default?: unknown;
}

/** A kind as JSON: bigint and bytes are marked, members have numbers, the values of an enum have codes. */
export interface NumberedKind {
  readonly type: string;
  readonly [rule: string]: unknown;
}

/** A table as the newest version names it, and how it came to be. */
export interface TableHistory {
  readonly name: string;
  readonly schema?: string;
  /** In order; the first one creates the table. */
  readonly migrations: readonly TableMigration[];
}

/** What a migration does to the table. */
export interface TableMigration {
  readonly name: string;
  /** The columns that it brings. */
  readonly columns: readonly IndexColumn[];
  /** The columns that it drops, with their indexes: a contract step. */
  readonly drops?: readonly string[];
  /** The table's name before and after: a contract step. */
  readonly renames?: { readonly from: string; readonly to: string };
  /** The names that it had in a branch before that was joined; a database may know it by one of them. */
  readonly formerly?: readonly string[];
}

/** Why a model file cannot be used. */
export interface UnreadableModelFile {
  readonly problem: "conflict markers" | "not a model file" | "changed by hand";
}

/** Reads a model file's text. */
export function parseModelFile(text: string): ModelFile | UnreadableModelFile {
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) return { problem: "conflict markers" };
  try {
    const parsed: unknown = JSON.parse(text);
    if (isModelFile(parsed))
      return parsed.versions.every(isOfItsHash) ? parsed : { problem: "changed by hand" };
  } catch {
    // What is no JSON is no model file either.
  }
  return { problem: "not a model file" };
}

/** The text of a model file. */
export function printModelFile(file: ModelFile): string {
  return printJson(file);
}

/** The versions that no other one follows: one, unless two branches met. */
export function headsOf(file: ModelFile): readonly ModelVersion[] {
  const followed = new Set(file.versions.flatMap((version) => version.parents));
  return file.versions.filter((version) => !followed.has(version.hash));
}

/** What a field is stored under. */
export function storedName({ stored, name }: NumberedField): string {
  return stored ?? name;
}

/** All versions: each head in its order, followed by those before it that were not named yet, later ones first. */
export function newestFirst(file: ModelFile): readonly ModelVersion[] {
  const found = new Set<ModelVersion>();
  for (const head of headsOf(file)) for (const version of lineOf(file, head)) found.add(version);
  return [...found];
}

/** The newest version that both come from. */
export function commonAncestor(
  file: ModelFile,
  one: ModelVersion,
  other: ModelVersion,
): ModelVersion | undefined {
  const line = new Set(lineOf(file, other));
  return lineOf(file, one).find((version) => line.has(version));
}

/** A version and all that it comes from, later ones first. */
export function lineOf(file: ModelFile, head: ModelVersion): readonly ModelVersion[] {
  const wanted = new Set([head.hash]);
  return file.versions.toReversed().filter((version) => {
    if (!wanted.has(version.hash)) return false;
    for (const parent of version.parents) wanted.add(parent);
    return true;
  });
}

/** The version under its hash. */
export function withHash(version: Omit<ModelVersion, "hash">): ModelVersion {
  const hash = createHash("sha256").update(JSON.stringify(version)).digest("hex").slice(0, 16);
  return { hash, ...version };
}

/** What is stored goes by its numbers, so a version is believed as it was written, or not at all. */
function isOfItsHash({ hash, ...version }: ModelVersion): boolean {
  return withHash(version).hash === hash;
}

function isModelFile(value: unknown): value is ModelFile {
  if (!isObject(value) || !Array.isArray(value["versions"])) return false;
  const codecs = value["codecs"] ?? [];
  if (!Array.isArray(codecs) || !codecs.every((codec) => typeof codec === "string")) return false;
  const reserved = value["reserved"] ?? {};
  if (!isObject(reserved) || !Object.values(reserved).every(isNumbers)) return false;
  const stored = value["stored"] ?? {};
  if (!isObject(stored) || !Object.values(stored).every(isNumbersByName)) return false;
  return value["versions"].length > 0 && value["versions"].every(isVersion);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((number) => typeof number === "number");
}

function isNumbersByName(value: unknown): boolean {
  return isObject(value) && isNumbers(Object.values(value));
}

function isVersion(value: unknown): value is ModelVersion {
  return (
    isObject(value) &&
    typeof value["hash"] === "string" &&
    typeof value["shape"] === "string" &&
    Array.isArray(value["parents"]) &&
    Array.isArray(value["fields"]) &&
    value["fields"].every((field) => isObject(field) && isObject(field["kind"]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
