import { SessionError } from "./errors.js";

/** A string that is read from the environment at first use, never at build or import. */
export interface EnvReference {
  readonly env: string;
  readonly default?: string;
}

/** Names an environment variable; its value is read at first use. A missing or empty one without a default is a `"config"` error then. */
export function env(name: string, defaultValue?: string): EnvReference {
  return defaultValue === undefined ? { env: name } : { env: name, default: defaultValue };
}

/**
 * The text itself, or what the environment says now. Throws `SessionError` `"config"` when it says nothing and there is no default,
 * and, naming `option` and never what it holds, for what is neither, as code without types may give.
 */
export function resolveText(text: string | EnvReference, option = "An option"): string {
  if (typeof text === "string") return text;
  if (!isReference(text)) throw notAText(text, option);
  const value = process.env[text.env];
  if (value !== undefined && value !== "") return value;
  if (text.default !== undefined && text.default !== "") return text.default;
  throw new SessionError(
    "config",
    `The environment variable ${text.env} is not set. Set it, or give env("${text.env}", …) a default.`,
  );
}

/** What to add to a message about a text that is not what it should be: where it is read, if it is. */
export function readFrom(text: string | EnvReference): string {
  return typeof text === "string" ? "" : ` It is read from env("${text.env}").`;
}

/** Whether an option is to be read from the environment. */
export function isReference(text: unknown): text is EnvReference {
  return typeof text === "object" && text !== null && "env" in text && typeof text.env === "string";
}

function notAText(given: unknown, option: string): SessionError {
  const kind = given === null ? "null" : typeof given;
  return new SessionError("config", `${option} must be a text, or env("NAME"); this is ${kind}.`);
}
