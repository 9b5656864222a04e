import { isObject, type Option } from "./option.js";

/**
 * Refuses a secret key that stands in the schema, also as the default of `env`, and that looks guessable: the runtime
 * would refuse it at start. The key is not repeated.
 */
export function refuseWeakSecret(option: Option): void {
  const { value } = option;
  const text = isObject(value) ? value["default"] : value;
  if (typeof text !== "string" || text.split(",").every((key) => isSecret(key.trim()))) return;
  option.refuse(
    'it is no secret of 32 random bytes; print one with `session-gen keygen`, put it into an environment variable, and write `env("SESSION_KEYS")` here',
  );
}

/** Whether a text is what `session-gen keygen` prints, by the measure that the runtime has for it. */
export function isSecret(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return false;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < 32 || new Set(bytes).size < 16) return false;
  const isPassphrase = /^[a-z_-]*$/i.test(text);
  return !isPassphrase || /[a-z].*[A-Z].*[a-z].*[A-Z]|[A-Z].*[a-z].*[A-Z].*[a-z]/.test(text);
}
