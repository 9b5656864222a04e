import type { EnvReference } from "./definition.js";

/**
 * Names an environment variable wherever a string is asked for. It is read at first use, never at build or import;
 * a missing variable without a default is one clear error then.
 */
export function env(name: string, defaultValue?: string): EnvReference {
  return Object.freeze(defaultValue === undefined ? { env: name } : { env: name, default: defaultValue });
}
