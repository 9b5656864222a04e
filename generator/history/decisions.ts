import { pathsOf } from "../diff/paths-of.js";
import { nearest } from "../rules/nearest.js";
import type { ModelFile } from "./model-file.js";

/** What a person decides by flags, for one run. */
export interface Decisions {
  /** `old:new`: the field of the new name is the one of the old name. As if `renamed` said so in the schema. */
  readonly rename?: readonly string[];
  /** Fields, or members as `prefs.theme`, that go although another one of their type comes. */
  readonly drop?: readonly string[];
  /** Fields are changed although stored values no longer fit. */
  readonly allowBreaking?: boolean;
  /** Two heads of the model file, or two sides of a conflict in it, become one. */
  readonly merge?: boolean;
  /** Old versions are dropped unless a session has a shape among these. */
  readonly livingShapes?: ReadonlySet<string>;
}

/** What decisions about fields are compared with. */
export interface DecidedSchema {
  /** The names of the fields now. */
  readonly names: readonly string[];
  readonly file: ModelFile | undefined;
}

/** The new names with the old ones, of those that are about this schema. */
export function renamesBy(
  { rename = [] }: Decisions,
  schema: DecidedSchema,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rename.flatMap((text) => {
      const pair = pairsIn(text).find(({ old, name }) => renameProblem(old, name, schema) === undefined);
      return pair === undefined ? [] : [[pair.name, pair.old]];
    }),
  );
}

/** What is wrong with decisions that are about none of the schemas. */
export function misdirected(decisions: Decisions, schemas: readonly DecidedSchema[]): readonly string[] {
  const renames = (decisions.rename ?? []).flatMap((text) => {
    const [pair] = pairsIn(text);
    if (pair === undefined)
      return [`--rename ${text}: it takes the old name and the new one, as in --rename colour:theme`];
    const isAbout = (schema: DecidedSchema): boolean =>
      pairsIn(text).some(({ old, name }) => renameProblem(old, name, schema) === undefined);
    const problem = firstProblem(schemas, isAbout, (schema) => renameProblem(pair.old, pair.name, schema));
    return problem === undefined ? [] : [`--rename ${text}: ${problem}`];
  });
  const drops = (decisions.drop ?? []).flatMap((name) => {
    const isAbout = (schema: DecidedSchema): boolean => dropProblem(name, schema) === undefined;
    const problem = firstProblem(schemas, isAbout, (schema) => dropProblem(name, schema));
    return problem === undefined ? [] : [`--drop ${name}: ${problem}`];
  });
  return [...renames, ...drops];
}

function firstProblem(
  schemas: readonly DecidedSchema[],
  isAbout: (schema: DecidedSchema) => boolean,
  problemIn: (schema: DecidedSchema) => string | undefined,
): string | undefined {
  const [first] = schemas;
  return first === undefined || schemas.some(isAbout) ? undefined : problemIn(first);
}

/** Names may have colons in them. */
function pairsIn(text: string): readonly { readonly old: string; readonly name: string }[] {
  const colons = [...text.matchAll(/:/g)].map(({ index }) => index);
  return colons
    .map((index) => ({ old: text.slice(0, index), name: text.slice(index + 1) }))
    .filter(({ old, name }) => old !== "" && name !== "");
}

function renameProblem(old: string, name: string, { names, file }: DecidedSchema): string | undefined {
  if (!names.includes(name)) return `there is no field \`${name}\` now${hint(name, names)}`;
  if (names.includes(old)) return `\`${old}\` is still a field; take it out of the schema first`;
  const known = formerNames(file);
  return known.includes(old) ? undefined : `there was no field \`${old}\`${hint(old, known)}`;
}

function dropProblem(name: string, { names, file }: DecidedSchema): string | undefined {
  if (names.includes(name)) return `\`${name}\` is still a field; take it out of the schema first`;
  const known = formerNames(file);
  return known.includes(name) ? undefined : `there was no field \`${name}\`${hint(name, known)}`;
}

function formerNames(file: ModelFile | undefined): readonly string[] {
  return [...new Set(file?.versions.flatMap(({ fields }) => pathsOf(fields)))];
}

function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : `; did you mean \`${near}\`?`;
}
