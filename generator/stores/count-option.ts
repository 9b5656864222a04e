import { CommandError, type OptionValues, textOption } from "../command.js";

/** The value of an option that is a number of things. Throws `CommandError` unless it is a whole number of at least 1. */
export function readCount(values: OptionValues, name: string, fallback: number): number {
  const text = textOption(values, name);
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new CommandError(
    `--${name} must be a whole number of at least 1 and below ten million, not "${text}".`,
  );
}
