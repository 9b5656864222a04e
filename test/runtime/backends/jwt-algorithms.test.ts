import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { sealSuite } from "../../suites/seal.js";

const rsa = (): KeyObject => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).privateKey;
const pem = (key: KeyObject): string => String(key.export({ type: "pkcs8", format: "pem" }));

// HS256, RS256, ES256 and EdDSA, of whose tokens every bit is flipped, have their test beside this one.
const algorithms = [
  { algorithm: "HS384", makeKey: () => randomText(48) },
  { algorithm: "HS512", makeKey: () => randomText(48) },
  { algorithm: "RS384", makeKey: () => pem(rsa()) },
  { algorithm: "RS512", makeKey: () => pem(rsa()) },
  { algorithm: "PS256", makeKey: () => pem(rsa()) },
  { algorithm: "PS384", makeKey: () => pem(rsa()) },
  { algorithm: "PS512", makeKey: () => pem(rsa()) },
  { algorithm: "ES384", makeKey: () => pem(ec("P-384")) },
  { algorithm: "ES512", makeKey: () => pem(ec("P-521")) },
] as const;

for (const { algorithm, makeKey } of algorithms) {
  const keysByName = { one: makeKey(), two: makeKey() };
  sealSuite(
    `the jwt seal with ${algorithm}`,
    (keys, cookieName) =>
      createJwtBackend({
        algorithm,
        keys: keys.map((key) => keysByName[key]),
        issuer: "https://shop.example",
        audience: "shop",
        cookieName,
      }),
    { isSwept: false },
  );
}
