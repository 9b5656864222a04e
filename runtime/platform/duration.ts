import { SessionError } from "./errors.js";

/** `"30s" | "5m" | "1h" | "14d"`, or a number of seconds. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;

const millisecondsPerUnit: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A hundred years: what is longer is a mistake in the unit. */
const longest = 36_525 * 86_400_000;

/** A duration in milliseconds. Throws `SessionError` `"config"`, naming `option`, unless it is positive and at most a hundred years. */
export function toMilliseconds(duration: Duration, option: string): number {
  const milliseconds = typeof duration === "number" ? duration * 1000 : parse(duration);
  if (milliseconds > 0 && milliseconds <= longest) return Math.max(1, Math.round(milliseconds));
  throw new SessionError(
    "config",
    `${option} must be a duration such as "30s", "5m", "1h" or "14d", or a positive number of seconds; at most a hundred years.`,
  );
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  return Number(match?.[1]) * (millisecondsPerUnit[match?.[2] ?? ""] ?? Number.NaN);
}
