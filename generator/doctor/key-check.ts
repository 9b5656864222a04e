import { backendPlaces } from "../model/backend-places.js";
import type { Settings, Text } from "../model/model.js";
import { isSecret } from "../rules/secret-text.js";
import { currentText } from "../stores/current-text.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, note, fix } = findingsOf("keys");

interface KeyOption {
  /** As the schema has it: `encryption.keys`. */
  readonly option: string;
  readonly keys: Text | readonly Text[];
  /** Whether they are secrets of `session-gen keygen`; those of a pair have other forms. */
  readonly isSecret: boolean;
}

/** Whether every secret key that the schema names is set, strong, and there once. None of them is shown. */
export function checkKeys(settings: Settings): readonly Finding[] {
  const options = keyOptions(settings);
  const seen = new Map<string, string>();
  return options.flatMap((option) => checkOption(option, seen));
}

/** Every text of a key as it is now, so that it can be kept out of what is printed. */
export function keyTexts(settings: Settings): readonly string[] {
  return keyOptions(settings).flatMap(({ keys }) => [keys].flat().flatMap((text) => partsOf(text) ?? []));
}

function keyOptions({ encryption, backend }: Settings): readonly KeyOption[] {
  const sealed = backendPlaces(backend).flatMap(({ backend: part }): readonly KeyOption[] => {
    if (part.backend === "cookie") return [{ option: "cookie.keys", keys: part.keys, isSecret: true }];
    if (part.backend !== "jwt") return [];
    return [{ option: "jwt.keys", keys: part.keys, isSecret: part.algorithm.startsWith("HS") }];
  });
  return [
    ...(encryption === undefined
      ? []
      : [{ option: "encryption.keys", keys: encryption.keys, isSecret: true }]),
    ...sealed,
  ];
}

function checkOption(
  { option, keys, isSecret: isRandom }: KeyOption,
  seen: Map<string, string>,
): readonly Finding[] {
  const texts = [keys].flat();
  const unset = texts.flatMap((text) =>
    typeof text === "object" && partsOf(text) === undefined ? [text.env] : [],
  );
  const parts = isRandom ? texts.flatMap((text) => partsOf(text) ?? []) : [];
  const weak = parts.flatMap((part, index) => (isSecret(part) ? [] : [index + 1]));
  const found = [
    ...unset.map((name) =>
      fix(
        `${option}: the environment variable ${name} is not set. ${isRandom ? "session-gen keygen prints a key for it" : "It takes a private key in PEM, such as openssl genpkey prints"}`,
      ),
    ),
    ...weak.map((index) =>
      fix(
        `${option}: key ${index} of ${parts.length} is no secret of 32 random bytes. session-gen keygen prints one`,
      ),
    ),
    ...repeated(option, parts, seen),
    ...(texts.some((text) => typeof text === "string")
      ? [
          note(
            `${option}: a key stands in the schema, and so in the repository. Put it into an environment variable: env("SESSION_KEYS")`,
          ),
        ]
      : []),
  ];
  return found.length > 0
    ? found
    : [ok(`${option}: ${isRandom ? `${parts.length} of 32 random bytes or more` : "set"}`)];
}

/** A key listed twice was meant to be another one; one for two purposes falls for both when it leaks. */
function repeated(option: string, parts: readonly string[], seen: Map<string, string>): readonly Finding[] {
  return parts.flatMap((part): readonly Finding[] => {
    const other = seen.get(part);
    seen.set(part, option);
    if (other === undefined) return [];
    if (other === option)
      return [fix(`${option}: one key is listed twice. Remove it, or put the one you meant`)];
    return [note(`${option}: a key of ${other} is used here too. Give each option a key of its own`)];
  });
}

/** The keys in a text, which are parted by commas; `undefined` when its variable is not set. */
function partsOf(text: Text): readonly string[] | undefined {
  return currentText(text)
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
