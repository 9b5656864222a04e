import type { Text } from "../model/model.js";
import type { Option } from "./option.js";
import { readList, readPlainText, readText } from "./read-value.js";

/** A text that names a place: an address, a folder. Each reader gives `undefined` for what is absent or was refused. */
export function readPlace(option: Option): Text | undefined {
  return withoutControls(option, readText(option));
}

/** A place that is part of the generated code: a prefix, the name of a table. */
export function readPlainPlace(option: Option): string | undefined {
  return withoutControls(option, readPlainText(option));
}

/** Several places, at least one. */
export function readPlaces(option: Option): readonly Text[] {
  const items = readList(option);
  if (Array.isArray(option.value) && items.length === 0) option.refuse("it must name at least one");
  return items.flatMap((item) => readPlace(item) ?? []);
}

/** Refuses options that are absent. */
export function requireGiven(...options: readonly Option[]): void {
  for (const option of options) if (option.value === undefined) option.refuse("it is required");
}

/** Refuses texts that are absent, also for `process.env.NAME` without a value where only the app has one. */
export function requireText(...options: readonly Option[]): void {
  for (const { value, refuse } of options) {
    if (value === undefined)
      refuse('it is required: a string, or `env("NAME")`, which the app reads (`process.env` is read now)');
  }
}

/** An invisible character in an address or a key of a store is a mistake, or an attempt to name something else. */
function withoutControls<T extends Text>(option: Option, text: T | undefined): T | undefined {
  const literals = isReference(text) ? [text.env, text.default ?? ""] : [String(text)];
  if (!literals.some((literal) => /\p{Cc}/u.test(literal))) return text;
  option.refuse("it must not hold control characters");
  return undefined;
}

function isReference(text: Text | undefined): text is Exclude<Text, string> {
  return typeof text === "object";
}
