import type { CryptoKey, JWK } from "jose";
import { fromBase64url } from "../../platform/built-ins.js";
import { toKeyId } from "../../platform/crypto/key-ring.js";
import {
  decodeSecrets,
  type KeyTexts,
  resolveKeyTexts,
  splitAtCommas,
} from "../../platform/crypto/key-text.js";
import { SessionError } from "../../platform/errors.js";
import { demandOf, type JwtAlgorithm, type KeyDemand } from "./algorithms.js";
import { type KeyDocument, readKeyDocuments } from "./key-documents.js";

/** What jose takes as a key. */
export type JoseKey = CryptoKey | Uint8Array;

/** The keys of one algorithm: the first signs, all verify. */
export interface JwtKeys {
  /** `null` when the first key is a public one: then tokens are only read here. */
  readonly signing: { readonly kid: string; readonly key: JoseKey } | null;
  find(kid: string): JoseKey | undefined;
}

/** The package. */
export type Jose = typeof import("jose");

const option = "The jwt backend's keys";

/**
 * Reads the keys of an algorithm from their texts: for HS a secret as `session-gen keygen` prints it, for the others PEM
 * (PKCS #8 or SPKI) or JWK. A key's `kid` is that of its JWK, else its thumbprint (RFC 7638), else the secret's public id.
 * Throws `SessionError` `"config"`, which says nothing of what a key holds, for one that does not fit.
 */
export async function loadJwtKeys(jose: Jose, algorithm: JwtAlgorithm, keys: KeyTexts): Promise<JwtKeys> {
  const demand = demandOf(algorithm);
  const texts = resolveKeyTexts(keys, option);
  const loaded =
    demand.is === "secret"
      ? loadSecrets(splitAtCommas(texts), demand.characters, algorithm)
      : await loadPairs(jose, algorithm, demand, texts);
  const byKid = new Map(loaded.map(({ kid, verifying }) => [kid, verifying]));
  if (byKid.size < loaded.length)
    throw refusal("one key, or one kid, is listed twice. Remove it, or put the one you meant");
  const [first] = loaded;
  const signing = first?.signing === undefined ? null : { kid: first.kid, key: first.signing };
  return { signing, find: (kid) => byKid.get(kid) };
}

interface LoadedKey {
  readonly kid: string;
  readonly verifying: JoseKey;
  readonly signing?: JoseKey;
}

function loadSecrets(texts: readonly string[], characters: number, algorithm: string): readonly LoadedKey[] {
  return decodeSecrets(texts, option).map((secret, index) => {
    // The text itself is the secret, as other libraries have it.
    const key = new TextEncoder().encode(texts[index]);
    if (key.length >= characters) return { kid: toKeyId(secret), verifying: key, signing: key };
    throw refusal(
      `${algorithm} needs secrets of ${characters} characters; write two of session-gen keygen as one`,
    );
  });
}

type PairDemand = Extract<KeyDemand, { readonly is: "pair" }>;

async function loadPairs(
  jose: Jose,
  algorithm: JwtAlgorithm,
  demand: PairDemand,
  texts: readonly string[],
): Promise<readonly LoadedKey[]> {
  const documents = texts.flatMap<KeyDocument | null>((text) => readKeyDocuments(text) ?? [null]);
  return Promise.all(
    documents.map(async (document, index) => {
      const place = `key ${index + 1} of ${documents.length}`;
      const jwk = document && (await toJwk(jose, algorithm, document).catch(() => null));
      if (jwk === null) {
        throw refusal(
          `${place} cannot be read for ${algorithm}; give PEM ("BEGIN PRIVATE KEY", as openssl pkcs8 -topk8 -nocrypt writes it, or "BEGIN PUBLIC KEY") or a JWK`,
        );
      }
      if (!fits(jwk, demand, algorithm))
        throw refusal(`${place} is of another type or size than ${algorithm} needs`);
      return loadPair(jose, algorithm, jwk);
    }),
  );
}

/** Imported so that it can be taken apart; `loadPair` imports it so that it cannot. */
async function toJwk(jose: Jose, algorithm: JwtAlgorithm, document: KeyDocument): Promise<JWK> {
  if ("jwk" in document) {
    await jose.importJWK(document.jwk, algorithm);
    return document.jwk;
  }
  const isPrivate = document.pem.startsWith("-----BEGIN PRIVATE KEY-----");
  const extractable = { extractable: true };
  return jose.exportJWK(
    isPrivate
      ? await jose.importPKCS8(document.pem, algorithm, extractable)
      : await jose.importSPKI(document.pem, algorithm, extractable),
  );
}

function fits(jwk: JWK, demand: PairDemand, algorithm: string): boolean {
  if (jwk.kty !== demand.kty || (jwk.alg !== undefined && jwk.alg !== algorithm) || jwk.use === "enc")
    return false;
  if (demand.kty !== "RSA") return jwk.crv === demand.crv;
  return (fromBase64url(jwk.n ?? "")?.length ?? 0) * 8 >= demand.bits;
}

async function loadPair(jose: Jose, algorithm: JwtAlgorithm, jwk: JWK): Promise<LoadedKey> {
  const { kty, crv, n, e, x, y } = jwk;
  const members = Object.entries({ kty, crv, n, e, x, y }).filter(([, value]) => value !== undefined);
  const shared: JWK = Object.fromEntries(members);
  const kid = jwk.kid ?? (await jose.calculateJwkThumbprint(shared));
  const verifying = await jose.importJWK(shared, algorithm);
  if (jwk.d === undefined) return { kid, verifying };
  const { key_ops: _operations, ext: _extractable, ...whole } = jwk;
  return { kid, verifying, signing: await jose.importJWK({ ...whole, ext: false }, algorithm) };
}

function refusal(problem: string): SessionError {
  return new SessionError("config", `${option}: ${problem}.`);
}
