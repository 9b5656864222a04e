import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { JwtAlgorithm } from "../../../runtime/backends/jwt.js";

/** A pair of keys of an algorithm as people have them. */
export interface PairTexts {
  /** PKCS #8. */
  readonly privatePem: string;
  /** SPKI. */
  readonly publicPem: string;
  readonly privateJwk: object;
  readonly publicJwk: object;
}

/** A new pair that fits an algorithm; `bits` for RSA only. */
export function makePair(algorithm: JwtAlgorithm, bits = 2048): PairTexts {
  const { privateKey, publicKey } = generate(algorithm, bits);
  return {
    privatePem: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    publicPem: String(publicKey.export({ type: "spki", format: "pem" })),
    privateJwk: privateKey.export({ format: "jwk" }),
    publicJwk: publicKey.export({ format: "jwk" }),
  };
}

function generate(
  algorithm: JwtAlgorithm,
  bits: number,
): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  switch (algorithm) {
    case "ES256":
      return generateKeyPairSync("ec", { namedCurve: "P-256" });
    case "ES384":
      return generateKeyPairSync("ec", { namedCurve: "P-384" });
    case "ES512":
      return generateKeyPairSync("ec", { namedCurve: "P-521" });
    case "EdDSA":
      return generateKeyPairSync("ed25519");
    default:
      return generateKeyPairSync("rsa", { modulusLength: bits });
  }
}
