import type { DurationText, Text } from "../model/model.js";
import { nearest } from "./nearest.js";
import { isObject, type Option } from "./option.js";

/** A string, or `env("NAME")`. Each reader gives `undefined` for what is absent or was refused. */
export function readText(option: Option): Text | undefined {
  const { value } = option;
  if (value === undefined) return undefined;
  if (typeof value === "string") {
    if (value !== "") return value;
    option.refuse("it must not be empty");
    return undefined;
  }
  if (isObject(value) && typeof value["env"] === "string") {
    const { env, default: fallback } = value;
    if (env === "") option.refuse('`env` needs the name of a variable: `env("NAME")`');
    if (fallback === undefined) return { env };
    if (typeof fallback === "string") return { env, default: fallback };
    option.refuse("the default of `env` must be a string");
    return undefined;
  }
  option.refuse('it must be a string or `env("NAME")`');
  return undefined;
}

/** A string that is part of the generated code, and so cannot come from the environment. */
export function readPlainText(option: Option): string | undefined {
  const { value } = option;
  if (value !== undefined && typeof value !== "string" && !isObject(value)) {
    option.refuse("it must be a string");
    return undefined;
  }
  const text = readText(option);
  if (typeof text !== "object") return text;
  option.refuse("it is needed while generating and cannot come from `env`; write the string itself");
  return undefined;
}

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A hundred years: what is longer is a mistake in the unit. */
const longestSeconds = 36_525 * 86_400;

/** A positive duration of at most a hundred years. */
export function readDuration(option: Option): DurationText | undefined {
  const { value } = option;
  if (value === undefined) return undefined;
  const seconds = toSeconds(value);
  const isDuration = seconds > 0 && seconds <= longestSeconds;
  if (isDuration && (typeof value === "string" || typeof value === "number")) return value;
  const meant = typeof value === "string" ? likelyDuration(value) : undefined;
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  option.refuse(
    `it must be a duration such as "30s", "5m", "1h" or "14d", or a positive number of seconds, of at most a hundred years${hint}`,
  );
  return undefined;
}

/** What "1 hour", "2 weeks" or "30 min" would be here; `undefined` for what says no unit. */
function likelyDuration(text: string): string | undefined {
  const [, amount = "", unit = ""] = /^(\d+)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const word = unit.toLowerCase();
  if (/^(?:w|weeks?)$/.test(word)) return `${Number(amount) * 7}d`;
  const known = {
    s: /^s(?:ecs?|econds?)?$/,
    m: /^m(?:ins?|inutes?)?$/,
    h: /^h(?:rs?|ours?)?$/,
    d: /^d(?:ays?)?$/,
  };
  const letter = Object.entries(known).find(([, pattern]) => pattern.test(word))?.[0];
  return letter === undefined ? undefined : `${amount}${letter}`;
}

/** `NaN` unless it is a duration. */
export function toSeconds(duration: unknown): number {
  if (typeof duration === "number") return duration;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(String(duration)) ?? [];
  return Number(amount) * (secondsPerUnit[unit] ?? Number.NaN);
}

/** `true` or `false`. */
export function readBoolean(option: Option): boolean | undefined {
  if (option.value === undefined || typeof option.value === "boolean") return option.value;
  option.refuse("it must be `true` or `false`");
  return undefined;
}

/** A whole number of at least 1. */
export function readCount(option: Option): number | undefined {
  return readWholeNumber(option, { least: 1 });
}

/** A whole number that is not outside these bounds. */
export function readWholeNumber(
  option: Option,
  { least, most }: { readonly least: number; readonly most?: number },
): number | undefined {
  const { value } = option;
  if (value === undefined) return undefined;
  const isWithin = typeof value === "number" && Number.isSafeInteger(value) && value >= least;
  if (isWithin && (most === undefined || value <= most)) return value;
  const bounds = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  option.refuse(`it must be a whole number ${bounds}`);
  return undefined;
}

/** One of `choices`. */
export function readChoice<Choice extends string>(
  option: Option,
  choices: readonly Choice[],
): Choice | undefined {
  if (option.value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === option.value);
  if (choice !== undefined) return choice;
  const near = nearest(String(option.value), choices);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  option.refuse(`it must be ${choices.map((word) => `"${word}"`).join(" or ")}${hint}`);
  return undefined;
}

/** The elements of a list, each at most once. */
export function readList(option: Option): readonly Option[] {
  const { value } = option;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    const list = typeof value === "string" ? `[${JSON.stringify(value)}]` : "[…]";
    option.refuse(`it must be a list: write \`${list}\``);
    return [];
  }
  const items = value.map((_, index) => option.item(index));
  return items.filter((item, index) => {
    const isRepeated = value.indexOf(item.value) < index;
    if (isRepeated) item.refuse(`${JSON.stringify(item.value)} stands there twice`);
    return !isRepeated;
  });
}
