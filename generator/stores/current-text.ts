import type { Text } from "../model/model.js";

/** A text with the environment as it is now; `undefined` when the variable is not set and has no default. */
export function currentText(text: Text): string | undefined {
  if (typeof text === "string") return text;
  const value = process.env[text.env];
  return value === undefined || value === "" ? text.default : value;
}
