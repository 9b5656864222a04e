import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createJwtBackend, type JwtBackendOptions } from "../../../runtime/backends/jwt.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import type { SessionSeal } from "../../../runtime/types/seal.js";
import { sealSuite } from "../../suites/seal.js";

const pem = (key: KeyObject): string =>
  String(key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }));
const rsa = (): string => pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const ec = (): string => pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const edwards = (): string => pem(generateKeyPairSync("ed25519").privateKey);

const algorithms = [
  { algorithm: "HS256", secrets: { one: randomText(32), two: randomText(32) } },
  { algorithm: "RS256", secrets: { one: rsa(), two: rsa() } },
  { algorithm: "ES256", secrets: { one: ec(), two: ec() } },
  { algorithm: "EdDSA", secrets: { one: edwards(), two: edwards() } },
] as const;

for (const { algorithm, secrets } of algorithms) {
  sealSuite(`the jwt seal with ${algorithm}`, (keys, cookieName) =>
    createJwtBackend({ algorithm, keys: keys.map((key) => secrets[key]), cookieName }),
  );
}

const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const record = {
  id: "h".repeat(43),
  tenant: null,
  header: "1;json;-;-;0;session",
  data: new TextEncoder().encode("what everyone may read"),
  createdAt: now,
  expiresAt: now + hour,
};
const secret = randomText(32);
const rsaPair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaKeys = { algorithm: "RS256", keys: pem(rsaPair.privateKey) } as const;
const open = (
  options: Partial<JwtBackendOptions>,
  token: string,
  at = now,
): ReturnType<SessionSeal["open"]> =>
  createJwtBackend({ algorithm: "HS256", keys: secret, ...options }).open(token, at);
const sealed = (options: Partial<JwtBackendOptions> = {}): Promise<string> =>
  createJwtBackend({ algorithm: "HS256", keys: secret, ...options }).seal(record);

interface Parts {
  readonly header: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
}

function partsOf(token: string): Parts {
  const [header, payload] = token
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, payload };
}

/** Signed rightly, with whatever header and claims. */
function signedAs(change: (parts: Parts) => Parts, token: string, key: string | Uint8Array = secret): string {
  const { header, payload } = change(partsOf(token));
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

describe("a forged algorithm", () => {
  it("opens nothing as none, in any spelling, with a signature or without", async () => {
    const token = await sealed();
    for (const alg of ["none", "None", "NONE", "nOnE", "", null, 0]) {
      const forged = signedAs(({ header, payload }) => ({ header: { ...header, alg }, payload }), token);
      expect(await open({}, forged)).toBeNull();
      expect(await open({}, forged.slice(0, forged.lastIndexOf(".") + 1))).toBeNull();
      expect(await open({}, forged.slice(0, forged.lastIndexOf(".")))).toBeNull();
    }
  });

  it("is not HS256 keyed with the public key of RS256", async () => {
    const token = await sealed(rsaKeys);
    const publicPem = pem(rsaPair.publicKey);
    const jwk = JSON.stringify(rsaPair.publicKey.export({ format: "jwk" }));
    const der = rsaPair.publicKey.export({ type: "spki", format: "der" });
    for (const key of [publicPem, publicPem.trim(), jwk, der]) {
      for (const alg of ["HS256", "RS256"]) {
        const forged = signedAs(
          ({ header, payload }) => ({ header: { ...header, alg }, payload }),
          token,
          key,
        );
        expect(await open(rsaKeys, forged)).toBeNull();
        expect(await open({ algorithm: "RS256", keys: publicPem }, forged)).toBeNull();
      }
    }
    expect(await open({ algorithm: "RS256", keys: publicPem }, token)).toMatchObject({ id: record.id });
  });

  it("is no other one of the same key", async () => {
    const token = await sealed(rsaKeys);
    expect(await open({ ...rsaKeys, algorithm: "PS256" }, token)).toBeNull();
    expect(await open({ ...rsaKeys, algorithm: "RS512" }, token)).toBeNull();
  });
});

describe("the claims and the header", () => {
  it("the unchanged token, signed in the same way, opens: what follows is refused for its change alone", async () => {
    const token = await sealed();
    expect(signedAs((parts) => parts, token)).toBe(token);
    expect(await open({}, token)).toMatchObject({ id: record.id });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["no exp", {}, { exp: undefined }],
    ["an exp that is text", {}, { exp: String(now / 1000 + 60) }],
    ["no jti", {}, { jti: undefined }],
    ["a jti that is no text", {}, { jti: 7 }],
    ["no session", {}, { session: undefined }],
    ["a session of other bytes", {}, { session: "AAAA" }],
    ["an nbf to come", {}, { nbf: now / 1000 + 61 }],
    ["no kid", { kid: undefined }, {}],
    ["an unknown kid", { kid: "AAAAAAAA" }, {}],
    ["a kid that is no text", { kid: ["AAAAAAAA"] }, {}],
    ["another typ", { typ: "JWT" }, {}],
    ["no typ", { typ: undefined }, {}],
    ["a critical extension", { crit: ["b64"], b64: false }, {}],
  ])("refuses %s", async (_what, inHeader, inPayload) => {
    const changed = signedAs(
      ({ header, payload }) => ({
        header: { ...header, ...inHeader },
        payload: { ...payload, ...inPayload },
      }),
      await sealed(),
    );
    expect(await open({}, changed)).toBeNull();
  });

  it("demands the issuer and the audience when they are given", async () => {
    const named = { issuer: "https://shop.example", audience: "shop" };
    const token = await sealed(named);
    expect(partsOf(token).payload).toMatchObject({ iss: named.issuer, aud: named.audience });
    expect(await open(named, token)).toMatchObject({ id: record.id });
    expect(await open({ ...named, issuer: "https://shop.example/" }, token)).toBeNull();
    expect(await open({ ...named, audience: "Shop" }, token)).toBeNull();
    expect(await open(named, await sealed())).toBeNull();
    expect(await open(named, await sealed({ issuer: named.issuer }))).toBeNull();
    expect(await open(named, await sealed({ audience: named.audience }))).toBeNull();
  });

  it("demands no issuer or audience that is empty, and takes no such option for none", async () => {
    const config = { code: "config" };
    await expect(sealed({ issuer: "" })).rejects.toMatchObject(config);
    await expect(sealed({ audience: "" })).rejects.toMatchObject(config);
    await expect(open({ ...rsaKeys, jwks: "" }, await sealed())).rejects.toMatchObject(config);
  });

  it("gives a token of another issuer's clock its time within the skew; beyond, it is of a session that has ended", async () => {
    const soon = signedAs(
      ({ header, payload }) => ({ header, payload: { ...payload, exp: now / 1000 + 1 } }),
      await sealed(),
    );
    const end = now + 1000;
    expect(await open({}, soon, end + 4999)).toEqual(await open({}, soon));
    expect(await open({}, soon, end + 5000)).toMatchObject({ id: record.id, expiresAt: end + 5000 });
    const patient = { clockTolerance: "1m" } as const;
    expect(await open(patient, soon, end + 59_999)).toEqual(await open({}, soon));
    expect(await open(patient, soon, end + 60_000)).toMatchObject({ expiresAt: end + 60_000 });
    const forged = signedAs((parts) => parts, soon, randomText(32));
    expect(await open({}, forged, end + 5000)).toBeNull();
    expect(() => createJwtBackend({ ...rsaKeys, clockTolerance: "61s" })).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });

  it("takes no other token of the same secret for a session", async () => {
    const { header } = partsOf(await sealed());
    const token = await new SignJWT({ sub: "7", jti: "h" })
      .setProtectedHeader({ alg: "HS256", kid: String(header["kid"]) })
      .setExpirationTime(now / 1000 + 60)
      .sign(new TextEncoder().encode(secret));
    expect(await open({}, token)).toBeNull();
  });
});

describe("keys that do not fit", () => {
  const weak = pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey);
  it.each<[string, Partial<JwtBackendOptions>]>([
    ["a word", { keys: "a-secret-that-somebody-made-up-for-this" }],
    ["an RSA key for HS256", { keys: pem(rsaPair.privateKey) }],
    ["a secret for RS256", { algorithm: "RS256", keys: secret }],
    ["1024 bits of RSA", { algorithm: "RS256", keys: weak }],
    ["a P-256 key for ES384", { algorithm: "ES384", keys: ec() }],
    ["a short secret for HS512", { algorithm: "HS512", keys: secret }],
    ["one key twice", { ...rsaKeys, keys: [rsaKeys.keys, rsaKeys.keys] }],
    ["the key's public half twice", { ...rsaKeys, keys: [rsaKeys.keys, pem(rsaPair.publicKey)] }],
  ])("%s is a config error that repeats nothing of it", async (_what, options) => {
    const failure: unknown = await sealed(options).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "config" });
    const shown = JSON.stringify([failure, String(failure)]);
    for (const key of [options.keys ?? ""].flat()) {
      for (const line of String(key).split("\n")) if (line.length > 30) expect(shown).not.toContain(line);
    }
  });

  it("a public key first reads tokens and cannot make them, and says so", async () => {
    const reader = { algorithm: "RS256", keys: pem(rsaPair.publicKey) } as const;
    await expect(sealed(reader)).rejects.toMatchObject({ code: "config" });
    expect(await open(reader, await sealed(rsaKeys))).toMatchObject({ id: record.id });
  });
});
