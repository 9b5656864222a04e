import { createJwtBackend, type JwtAlgorithm } from "../../../runtime/backends/jwt.js";
import { randomText } from "../../../runtime/platform.js";
import { sealSuite } from "../../suites/seal.js";
import { makePair } from "./jwt-pairs.js";

for (const algorithm of ["HS256", "HS384", "HS512"] as const) {
  const secrets = { one: randomText(48), two: randomText(48) };
  sealSuite(
    `the jwt seal with ${algorithm}`,
    (keys, cookieName) => createJwtBackend({ algorithm, keys: keys.map((key) => secrets[key]), cookieName }),
    { isSwept: algorithm === "HS256" },
  );
}

const pairs: readonly JwtAlgorithm[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
];

for (const algorithm of pairs) {
  const texts = { one: makePair(algorithm).privatePem, two: makePair(algorithm).privatePem };
  sealSuite(
    `the jwt seal with ${algorithm}`,
    (keys, cookieName) =>
      createJwtBackend({
        algorithm,
        keys: keys.map((key) => texts[key]),
        issuer: "https://shop.example",
        audience: "shop",
        cookieName,
      }),
    { isSwept: ["RS256", "ES256", "EdDSA"].includes(algorithm) },
  );
}
