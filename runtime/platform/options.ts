import { isReference } from "./env.js";
import { SessionError } from "./errors.js";

/** What an option may be. */
export interface OptionType {
  /** How a message says it, after "must be". */
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

/** One for each option that there is. */
export type OptionTypes<Options> = { readonly [Name in keyof Options]-?: OptionType };

/** Looked at where it is used, and refused there. */
export const anyValue: OptionType = { words: "anything", accepts: () => true };
/** A switch. */
export const flag: OptionType = {
  words: "true or false",
  accepts: (value) => typeof value === "boolean",
};
/** Anything that can be called. */
export const callable: OptionType = {
  words: "a function",
  accepts: (value) => typeof value === "function",
};
/** Options of its own. */
export const group: OptionType = { words: "an object", accepts: isGroup };
/** What may come from the environment. */
export const text: OptionType = {
  words: 'a text, or env("NAME")',
  accepts: (value) => typeof value === "string" || isReference(value),
};
/** What may not come from there. */
export const plainText: OptionType = {
  words: "a text",
  accepts: (value) => typeof value === "string",
};
/** As `Duration` has it; what it says is looked at by `toMilliseconds`. */
export const duration: OptionType = {
  words: 'a duration such as "30s", "5m", "1h" or "14d", or a number of seconds',
  accepts: (value) => typeof value === "string" || typeof value === "number",
};
/** A count of something that there has to be. */
export const wholeNumber: OptionType = {
  words: "a whole number of at least 1",
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};
/** What `SessionLogger` needs. */
export const logger: OptionType = withMethods("a logger", "warn");

/** One of some words. */
export function oneOf(...words: readonly string[]): OptionType {
  return {
    words: `one of ${words.join(", ")}`,
    accepts: (value) => words.some((word) => word === value),
  };
}

/** `false`, which turns something off, or another type. */
export function orFalse({ words, accepts }: OptionType): OptionType {
  return { words: `${words}, or false`, accepts: (value) => value === false || accepts(value) };
}

/** A list of what is of one type. */
export function listOf({ words, accepts }: OptionType): OptionType {
  return {
    words: `a list, each of it ${words}`,
    accepts: (value) => Array.isArray(value) && value.every(accepts),
  };
}

/** Anything that has these methods. */
export function withMethods(what: string, ...methods: readonly string[]): OptionType {
  return {
    words: `${what}, with ${methods.length === 1 ? "the method" : "the methods"} ${methods.join(", ")}`,
    accepts: (value) =>
      ((typeof value === "object" && value !== null) || typeof value === "function") &&
      methods.every((method) => typeof Reflect.get(value, method) === "function"),
  };
}

/**
 * What code without types may give for options, held against their types. `owner` is what takes them, as a message names it.
 * Throws `SessionError` `"config"`, which names the option and never shows what it holds, for a value of another type
 * and for an option that there is not: a misspelt one would be passed over, and be missed where it protects. One that is `undefined` is not given.
 */
export function assertOptions<Options extends object>(
  owner: string,
  options: Options,
  types: OptionTypes<Options>,
): void {
  assertTypes(owner, options, types);
  const strange = Object.entries(options).find(
    ([name, value]) => value !== undefined && !Object.hasOwn(types, name),
  );
  if (strange !== undefined) throw notThere(owner, strange[0], Object.keys(types));
}

/** The same for options that may come with others, such as those of a backend, which commands and apps keep together with more. */
export function assertTypes<Options extends object>(
  owner: string,
  options: Options,
  types: OptionTypes<Options>,
): void {
  if (!isGroup(options)) throw ofWrongType(`The options of ${owner}`, "an object", options);
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [name, { words, accepts }] of Object.entries<OptionType>(types)) {
    const value = given.get(name);
    if (value !== undefined && !accepts(value)) throw ofWrongType(`${owner}.${name}`, words, value);
  }
}

/** Options over others. One that is `undefined` is not given: it leaves what is under it. */
export function mergeOptions<Options extends object>(...all: readonly (Options | undefined)[]): Options {
  const given = all.map((options = Object.create(null)) =>
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  );
  return Object.assign({}, ...given);
}

function isGroup(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ofWrongType(what: string, words: string, given: unknown): SessionError {
  const kind = given === null ? "null" : Array.isArray(given) ? "a list" : typeof given;
  return new SessionError("config", `${what} must be ${words}; this is ${kind}.`);
}

function notThere(owner: string, name: string, known: readonly string[]): SessionError {
  return new SessionError("config", `${owner} has no option ${name}. It has ${known.join(", ")}.`);
}
