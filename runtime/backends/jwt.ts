import type { JWTHeaderParameters, JWTPayload } from "jose";
import { fromBase64url, toBase64url } from "../platform/built-ins.js";
import type { KeyTexts } from "../platform/crypto/key-text.js";
import { type Duration, toMilliseconds } from "../platform/duration.js";
import { type EnvReference, resolveText } from "../platform/env.js";
import { SessionError } from "../platform/errors.js";
import { anyValue, assertOptions, duration, type OptionTypes, plainText, text } from "../platform/options.js";
import { importPeer } from "../platform/peer.js";
import type { SealedRecord, SessionSeal } from "../types/seal.js";
import { demandOf, type JwtAlgorithm } from "./jwt/algorithms.js";
import { type Jose, type JoseKey, type JwtKeys, loadJwtKeys } from "./jwt/jwt-keys.js";
import { createPublishedKeys, type PublishedKeys } from "./jwt/published-keys.js";
import { packRecord, unpackRecord } from "./seal/packed-record.js";

export type { JwtAlgorithm } from "./jwt/algorithms.js";

/** Options of `createJwtBackend`. */
export interface JwtBackendOptions {
  /** The one algorithm that is signed with and accepted. */
  readonly algorithm: JwtAlgorithm;
  /** The first signs, all verify. For HS the secret, as `session-gen keygen` prints it; else PEM or JWK. */
  readonly keys: KeyTexts;
  /** `iss`: written, and required. */
  readonly issuer?: string | EnvReference;
  /** `aud`: written, and required. */
  readonly audience?: string | EnvReference;
  /** The cookie that the tokens are for; they open under no other name. `"__Host-session"` when left out. */
  readonly cookieName?: string;
  /** The URL of a JWK Set: tokens are verified with its keys too, never signed. Not for HS. */
  readonly jwks?: string | EnvReference;
  /** How far the clock of another issuer may be ahead of or behind ours; five seconds when left out, a minute at most. */
  readonly clockTolerance?: Duration;
}

const types: OptionTypes<JwtBackendOptions> = {
  ...{ algorithm: plainText, keys: anyValue, issuer: text, audience: text },
  ...{ cookieName: plainText, jwks: text, clockTolerance: duration },
};

/**
 * Sessions kept in a JSON Web Token (RFC 7519), signed with one fixed algorithm. Everyone who has the token can read it:
 * what the client must not see belongs elsewhere. `jti` is the handle, `exp` the end; the data are bytes in the claim
 * `session`, with the cookie's name and the tenant. Throws `SessionError` `"config"` for an impossible option.
 */
export function createJwtBackend(options: JwtBackendOptions): SessionSeal {
  const { algorithm, cookieName = "__Host-session" } = options;
  assertOptions("createJwtBackend", options, types);
  checkOptions(options);
  const prepared = lazily(() => prepare(options));
  return {
    async seal(record) {
      const { jose, keys, claims } = await prepared();
      if (keys.signing === null)
        throw new SessionError("config", "The jwt backend's first key is no private one: it cannot sign.");
      return new jose.SignJWT({ ...claims, ...toClaims(record, cookieName) })
        .setProtectedHeader({ alg: algorithm, kid: keys.signing.kid, typ: tokenType })
        .sign(keys.signing.key);
    },
    async open(token, now = Date.now()) {
      if (!isCanonical(token)) return null;
      const { jose, keys, published, demands } = await prepared();
      const findKey = (header: JWTHeaderParameters): Promise<JoseKey> =>
        find(header, { keys, published, now });
      try {
        const verified = jose.jwtVerify(token, findKey, { ...demands, currentDate: new Date(now) });
        const { payload, isOver } = await verified.then(
          (result) => ({ payload: result.payload, isOver: false }),
          (error: unknown) => ({ payload: payloadOfExpired(error, jose), isOver: true }),
        );
        const record = toRecord(payload, cookieName);
        // It ends with its `exp`, whatever its issuer wrote inside.
        return record && isOver ? { ...record, expiresAt: Math.min(record.expiresAt, now) } : record;
      } catch (error) {
        if (error instanceof SessionError) throw error;
        return null;
      }
    },
    async ready() {
      await prepared();
    },
  };
}

/** Explicit typing (RFC 8725, 3.11): no other token of the same issuer is taken for a session. */
const tokenType = "session+jwt";

const longestTolerance = 60_000;

interface Prepared {
  readonly jose: Jose;
  readonly keys: JwtKeys;
  readonly published: PublishedKeys | null;
  /** The claims that every token has. */
  readonly claims: JWTPayload;
  /** What a token must show. */
  readonly demands: NonNullable<Parameters<Jose["jwtVerify"]>[2]>;
}

async function prepare({ algorithm, keys, ...options }: JwtBackendOptions): Promise<Prepared> {
  const jose = await importPeer({ name: "jose", option: "backend: jwt(…)", load: () => import("jose") });
  const issuer = resolveName("issuer", options.issuer);
  const audience = resolveName("audience", options.audience);
  return {
    jose,
    keys: await loadJwtKeys(jose, algorithm, keys),
    published:
      options.jwks === undefined
        ? null
        : createPublishedKeys(jose, resolveText(options.jwks, "The jwt backend's jwks")),
    claims: { ...(issuer && { iss: issuer }), ...(audience && { aud: audience }) },
    demands: {
      algorithms: [algorithm],
      typ: tokenType,
      requiredClaims: ["exp", "jti"],
      clockTolerance: toleranceOf(options.clockTolerance) / 1000,
      ...(issuer && { issuer }),
      ...(audience && { audience }),
    },
  };
}

/** Empty, it would be neither written nor required, though somebody meant it to be. */
function resolveName(
  option: "issuer" | "audience",
  text: string | EnvReference | undefined,
): string | undefined {
  const name = text === undefined ? undefined : resolveText(text, `The jwt backend's ${option}`);
  if (name !== "") return name;
  throw new SessionError(
    "config",
    `The jwt backend's ${option} is empty. Name one, or leave the option out.`,
  );
}

function checkOptions({ algorithm, jwks, clockTolerance }: JwtBackendOptions): void {
  if (demandOf(algorithm).is === "secret" && jwks !== undefined)
    throw new SessionError(
      "config",
      `The jwt backend's jwks cannot hold keys of ${algorithm}: they are secret.`,
    );
  if (toleranceOf(clockTolerance) > longestTolerance)
    throw new SessionError("config", "The jwt backend's clockTolerance must be at most a minute.");
}

function toleranceOf(clockTolerance: Duration = "5s"): number {
  return toMilliseconds(clockTolerance, "clockTolerance");
}

async function find(
  header: JWTHeaderParameters,
  { keys, published, now }: Pick<Prepared, "keys" | "published"> & { readonly now: number },
): Promise<JoseKey> {
  const { kid } = header;
  const key = typeof kid === "string" ? (keys.find(kid) ?? (await published?.(header, now))) : null;
  // Caught in `open`, as every other reason for which a token is refused.
  if (!key) throw new TypeError("no such key");
  return key;
}

function toClaims(record: SealedRecord, cookieName: string): JWTPayload {
  const header = JSON.stringify([cookieName, record.header]);
  return {
    jti: record.id,
    exp: Math.ceil(record.expiresAt / 1000),
    session: toBase64url(packRecord({ ...record, id: "", header })),
  };
}

function toRecord({ jti, session }: JWTPayload, cookieName: string): SealedRecord | null {
  const bytes = typeof session === "string" ? fromBase64url(session) : null;
  const packed = bytes && unpackRecord(bytes);
  // jose asks that there is a `jti`, not that it is text.
  if (packed === null || typeof jti !== "string") return null;
  const [name, header]: readonly unknown[] = JSON.parse(packed.header);
  return name === cookieName && typeof header === "string" ? { ...packed, id: jti, header } : null;
}

/** Everything but the time was right about it: it is an old session, and nobody's forgery. Throws all other errors again. */
function payloadOfExpired(error: unknown, { errors }: Jose): JWTPayload {
  if (error instanceof errors.JWTExpired) return error.payload;
  throw error;
}

/** Three parts, each written in the one way that base64url has: a signature of other spelling is another token. */
function isCanonical(token: string): boolean {
  const parts = token.split(".");
  return parts.length === 3 && parts.every((part) => part !== "" && fromBase64url(part) !== null);
}

/** Does it once; again only when it failed. */
function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
