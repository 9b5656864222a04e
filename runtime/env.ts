import { SessionError } from "./session-error.js";

/** A string that is read from the environment at first use, never at build or import. */
export interface EnvReference {
  readonly env: string;
  readonly default?: string;
}

/** Names an environment variable; its value is read at first use. A missing one without a default is a `"config"` error then. */
export function env(name: string, defaultValue?: string): EnvReference {
  return defaultValue === undefined ? { env: name } : { env: name, default: defaultValue };
}

/** The text itself, or what the environment says now. Throws `SessionError` `"config"` when it says nothing and there is no default. */
export function resolveText(text: string | EnvReference): string {
  if (typeof text === "string") return text;
  const value = process.env[text.env] ?? text.default;
  if (value !== undefined && value !== "") return value;
  throw new SessionError(
    "config",
    `The environment variable ${text.env} is not set. Set it, or give env("${text.env}", …) a default.`,
  );
}
