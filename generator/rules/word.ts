import { isObject, type Option } from "./option.js";

/** A backend word as the schema holds it, its options unread. */
export interface Word {
  readonly backend: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whether a value is what a word of `schema/backends.ts` gives. */
export function isWord(value: unknown): value is Word {
  return isObject(value) && typeof value["backend"] === "string" && isObject(value["options"]);
}

/** Backend words whose records the client carries: without a store, nothing can be found or compared there. */
export const sealWords: ReadonlySet<string> = new Set(["cookie", "jwt"]);

/** The word of a backend, as far as it is one; an absent backend is `memory`. */
export function backendName(option: Option): string | undefined {
  if (option.value === undefined) return "memory";
  return isWord(option.value) ? option.value.backend : undefined;
}

/** The backend that decides about writes, and the option that it is: behind a cache the store, of two the primary. */
export function wordThatDecides(
  option: Option,
): { readonly name: string; readonly path: string } | undefined {
  const { value } = option;
  if (value === undefined) return { name: "memory", path: option.path };
  if (!isWord(value)) return undefined;
  const part = { cached: "store", replicated: "primary" }[value.backend];
  return part === undefined
    ? { name: value.backend, path: option.path }
    : wordThatDecides(option.member(part).renamed(value.options[part], part));
}

/**
 * The option, if any, that keeps a backend from comparing and swapping across processes: where a `cache()` decides
 * about writes. In `cached` that is the store; in `replicated` either side, since one stands in for the other.
 */
export function cacheThatDecides(option: Option): Option | undefined {
  const { value } = option;
  if (!isWord(value)) return undefined;
  const part = (name: string): Option | undefined =>
    cacheThatDecides(option.member(name).renamed(value.options[name], name));
  if (value.backend === "cache") return option;
  if (value.backend === "cached") return part("store");
  return value.backend === "replicated" ? (part("primary") ?? part("secondary")) : undefined;
}
