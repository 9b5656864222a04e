import { snakeCase } from "../kind-names.js";

/** A field of a Rust struct for a member: `userId` is `user_id`; each name is given once per `taken`. */
export function rustField(name: string, taken: Set<string>): string {
  const plain = snakeCase(name).replace(/^_+|_+$/g, "");
  const field = /^[a-z]/.test(plain) ? plain : `field_${plain}`.replace(/_$/, "");
  if (notRaw.has(field)) return unique(`${field}_`, taken);
  return unique(keywords.has(field) ? `r#${field}` : field, taken, "_");
}

/** A variant or a part of a type's name: `sign-in` is `SignIn`, 1 is `N1`. */
export function rustWord(text: string, taken: Set<string>): string {
  const words = snakeCase(text)
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  const word = words === "" ? "Empty" : /^\d/.test(words) ? `N${words}` : words;
  return unique(word === "Self" ? "Self_" : word, taken);
}

/** Words of Rust that are no names unless written raw. */
const keywords: ReadonlySet<string> = new Set(
  `abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in
let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe unsized
use virtual where while yield`.split(/\s+/),
);

/** Words of Rust that are no names even when written raw. */
const notRaw: ReadonlySet<string> = new Set(["self", "super", "crate"]);

function unique(name: string, taken: Set<string>, before = ""): string {
  let result = name;
  for (let count = 2; taken.has(result); count += 1) result = `${name}${before}${count}`;
  taken.add(result);
  return result;
}
