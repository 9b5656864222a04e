import { SessionError } from "../../platform/errors.js";

/** As RFC 7518 and RFC 8037 name them. */
export type JwtAlgorithm = `${"HS" | "RS" | "PS" | "ES"}${256 | 384 | 512}` | "EdDSA";

/** What a key of an algorithm must be. */
export type KeyDemand =
  | { readonly is: "secret"; readonly characters: number }
  | { readonly is: "pair"; readonly kty: "RSA"; readonly bits: number }
  | { readonly is: "pair"; readonly kty: "EC" | "OKP"; readonly crv: string };

/** RFC 7518, 3.3: no smaller modulus. */
const rsa: KeyDemand = { is: "pair", kty: "RSA", bits: 2048 };

/** RFC 7518, 3.2: a secret is no shorter than the hash. */
const demands: Readonly<Record<JwtAlgorithm, KeyDemand>> = {
  HS256: { is: "secret", characters: 32 },
  HS384: { is: "secret", characters: 48 },
  HS512: { is: "secret", characters: 64 },
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: { is: "pair", kty: "EC", crv: "P-256" },
  ES384: { is: "pair", kty: "EC", crv: "P-384" },
  ES512: { is: "pair", kty: "EC", crv: "P-521" },
  EdDSA: { is: "pair", kty: "OKP", crv: "Ed25519" },
};

/** What an algorithm demands of its keys. Throws `SessionError` `"config"` for one that is not known, `none` included. */
export function demandOf(algorithm: JwtAlgorithm): KeyDemand {
  if (Object.hasOwn(demands, algorithm)) return demands[algorithm];
  throw new SessionError(
    "config",
    `The jwt backend's algorithm must be one of ${Object.keys(demands).join(", ")}.`,
  );
}
