import type { JWK } from "jose";

/** Keys of an asymmetric algorithm as people have them: a PEM block or a JWK. */
export type KeyDocument = { readonly pem: string } | { readonly jwk: JWK };

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;

/**
 * The keys in a text: PEM blocks, one after the other or parted by commas, or JWKs, or sets of them. `null` when it is
 * neither. In an environment variable `\n` may stand for the end of a line.
 */
export function readKeyDocuments(text: string): readonly KeyDocument[] | null {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return readJson(trimmed);
  const blocks = text.replaceAll("\\n", "\n").match(pemBlock);
  return blocks?.map((pem) => ({ pem })) ?? null;
}

function readJson(text: string): readonly KeyDocument[] | null {
  try {
    const values: readonly unknown[] = JSON.parse(`[${text}]`).flat();
    const keys = values.flatMap((value) => (isSet(value) ? value.keys : [value]));
    return keys.every(isJwk) ? keys.map((jwk) => ({ jwk })) : null;
  } catch {
    return null;
  }
}

function isSet(value: unknown): value is { readonly keys: readonly unknown[] } {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}

function isJwk(value: unknown): value is JWK {
  return typeof value === "object" && value !== null && "kty" in value && typeof value.kty === "string";
}
