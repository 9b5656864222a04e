import { fromBase64url } from "../built-ins.js";
import { type EnvReference, resolveText } from "../env.js";
import { SessionError } from "../errors.js";

/** Keys as options give them: one or several, in plain or named by the environment, where commas part them. */
export type KeyTexts = string | EnvReference | readonly (string | EnvReference)[];

/** The texts of an option as they stand, read from the environment now. Throws `SessionError` `"config"`, naming `option`, for a missing variable, and for what is no text. */
export function resolveKeyTexts(keys: KeyTexts, option: string): readonly string[] {
  const texts = isList(keys) ? keys : [keys];
  return texts.map((text) => resolveText(text, option));
}

/** Parts texts at their commas. */
export function splitAtCommas(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

/**
 * The bytes of secret keys as `session-gen keygen` prints them: base64 of either alphabet, 32 bytes or more.
 * Throws `SessionError` `"config"`, naming `option` and never the key, when there is none or one looks guessable.
 */
export function decodeSecrets(texts: readonly string[], option: string): readonly Uint8Array[] {
  if (texts.length === 0) throw refusal(`${option} holds no key`);
  return texts.map((text, index) => {
    const bytes = decode(text);
    if (bytes !== null && bytes.length >= fewestBytes && !isGuessable(text, bytes)) return bytes;
    throw refusal(
      `${option}: key ${index + 1} of ${texts.length} is no secret of ${fewestBytes} random bytes`,
    );
  });
}

const fewestBytes = 32;

/** Random bytes are nearly all different; a repeated word is not. */
const fewestDistinctBytes = 16;

/** What random text is not, by all odds: words, perhaps with hyphens between them. */
const passphrase = /^[a-z_-]*$/i;
const mixedCase = /[a-z].*[A-Z].*[a-z].*[A-Z]|[A-Z].*[a-z].*[A-Z].*[a-z]/;

function isGuessable(text: string, bytes: Uint8Array): boolean {
  if (new Set(bytes).size < fewestDistinctBytes) return true;
  return passphrase.test(text) && !mixedCase.test(text);
}

function decode(text: string): Uint8Array | null {
  return fromBase64url(text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
}

function isList(keys: KeyTexts): keys is readonly (string | EnvReference)[] {
  return Array.isArray(keys);
}

function refusal(problem: string): SessionError {
  return new SessionError("config", `${problem}. Print one with: session-gen keygen`);
}
