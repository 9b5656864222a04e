/** `"30s" | "5m" | "1h" | "14d"`, or a number of seconds. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;
