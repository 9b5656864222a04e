import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createJwtBackend, type JwtBackendOptions } from "../../../runtime/backends/jwt.js";
import type { SealedRecord } from "../../../runtime/types/seal.js";
import { type Listening, listen } from "../../suites/listen.js";

const now = Date.UTC(2026, 0, 1);
const record: SealedRecord = {
  id: "h".repeat(43),
  tenant: null,
  header: "1;json;-;-;0;session",
  data: new TextEncoder().encode("data"),
  createdAt: now,
  expiresAt: now + 60_000,
};

const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
const published = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });

const jwkText = (key: KeyObject, kid: string): string =>
  JSON.stringify({ ...key.export({ format: "jwk" }), kid });
const keysOf = (pair: typeof own, kid: string): JwtBackendOptions => ({
  algorithm: "ES256",
  keys: jwkText(pair.privateKey, kid),
});
const elsewhere = createJwtBackend(keysOf(published, "published"));
const here = (jwks?: string): ReturnType<typeof createJwtBackend> =>
  createJwtBackend({ ...keysOf(own, "own"), ...(jwks !== undefined && { jwks }) });

/** A token of another issuer, with a key that the set may or may not know. */
const tokenOf = (pair: typeof own, kid: string): Promise<string> =>
  createJwtBackend(keysOf(pair, kid)).seal(record);

let server: Listening;
let requests: number;
let answer: { status: number; body: string; headers?: Record<string, string> };

beforeEach(async () => {
  requests = 0;
  answer = { status: 200, body: `{"keys":[${jwkText(published.publicKey, "published")}]}` };
  server = await listen((_request, response) => {
    requests += 1;
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body);
  });
});
afterEach(() => server.close());

describe("published keys", () => {
  it("verify tokens of another issuer, only where they are configured, and never sign", async () => {
    const token = await elsewhere.seal(record);
    expect(await here().open(token, now)).toBeNull();
    const seal = here(server.url);
    expect(await seal.open(token, now)).toMatchObject({ id: record.id });
    const [header = ""] = (await seal.seal(record)).split(".");
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ kid: "own" });
  });

  it("are not asked for a token of an own key", async () => {
    const seal = here(server.url);
    expect(await seal.open(await seal.seal(record), now)).not.toBeNull();
    expect(requests).toBe(0);
  });

  it("are read once, however many tokens name keys that nobody has", async () => {
    const seal = here(server.url);
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, index) => tokenOf(stranger, `made-up-${index}`)),
    );
    for (const token of tokens.slice(0, 10)) expect(await seal.open(token, now)).toBeNull();
    expect(await Promise.all(tokens.map((token) => seal.open(token, now)))).toEqual(tokens.map(() => null));
    expect(requests).toBe(1);
  });

  it("refuse a token that only says it is of one, or brings its own key along", async () => {
    const seal = here(server.url);
    expect(await seal.open(await tokenOf(stranger, "published"), now)).toBeNull();
    const jwk = stranger.publicKey.export({ format: "jwk" });
    const claims = { jti: "h", session: "AAAA", exp: now / 1000 + 60 };
    for (const brought of [{ jwk }, { jku: `${server.url}/theirs` }, { x5u: server.url }]) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: "ES256", kid: "published", typ: "session+jwt", ...brought })
        .sign(stranger.privateKey);
      expect(await seal.open(token, now)).toBeNull();
    }
    expect(requests).toBe(1);
  });

  it("that cannot be read leave own tokens alone, and say so without the address", async () => {
    const seal = here(server.url.replace("//", "//user:password@").concat("/secret-path"));
    const token = await elsewhere.seal(record);
    const failure: unknown = await seal.open(token, now).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "unavailable" });
    expect(JSON.stringify([failure, String(failure)])).not.toMatch(/password|secret-path/);
    expect(await seal.open(await seal.seal(record), now)).not.toBeNull();
  });

  it.each([
    ["an error", { status: 500, body: "{}" }],
    ["what is no JSON", { status: 200, body: "<html>" }],
    ["what is no set", { status: 200, body: '{"keys":7}' }],
    ["a place elsewhere", { status: 302, body: "", headers: { location: "/elsewhere" } }],
  ])(
    "that answer with %s are unavailable, and are not asked again by each forged token",
    async (_what, bad) => {
      answer = bad;
      const seal = here(server.url);
      const token = await elsewhere.seal(record);
      for (let time = 0; time < 20; time += 1) {
        await expect(seal.open(token, now)).rejects.toMatchObject({ code: "unavailable" });
      }
      expect(requests).toBe(1);
    },
  );

  /** A seal that could not read them, which can be read from now on, and a token. */
  const afterFailure = async () => {
    const good = answer;
    answer = { status: 500, body: "" };
    const seal = here(server.url);
    const token = await elsewhere.seal(record);
    await expect(seal.open(token, now)).rejects.toMatchObject({ code: "unavailable" });
    answer = good;
    return { seal, token };
  };

  it("are read again a second after a failure", async () => {
    const { seal, token } = await afterFailure();
    await expect(seal.open(token, now + 999)).rejects.toMatchObject({ code: "unavailable" });
    expect(await seal.open(token, now + 1000)).toMatchObject({ id: record.id });
    expect(requests).toBe(2);
  });

  it("are read again after a failure by a clock that was set back", async () => {
    const { seal, token } = await afterFailure();
    expect(await seal.open(token, now - 3_600_000)).toMatchObject({ id: record.id });
  });

  it("of which one cannot be used leave tokens that name it to guests, and close nothing to others", async () => {
    const unusable = [
      { kty: "EC", crv: "P-256", x: "AA", y: "AA", kid: "off the curve" },
      { kty: "EC", crv: "P-256", kid: "empty" },
      { ...published.privateKey.export({ format: "jwk" }), kid: "private" },
    ];
    answer.body = JSON.stringify({ keys: [...unusable, ...JSON.parse(answer.body).keys] });
    const seal = here(server.url);
    for (const { kid } of unusable) expect(await seal.open(await tokenOf(published, kid), now)).toBeNull();
    expect(await seal.open(await tokenOf(stranger, "made-up"), now)).toBeNull();
    expect(await seal.open(await elsewhere.seal(record), now)).toMatchObject({ id: record.id });
    expect(requests).toBe(1);
  });

  it("that are known stay good when others cannot be looked up", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const seal = here(server.url);
      const token = await elsewhere.seal(record);
      expect(await seal.open(token, now)).not.toBeNull();
      vi.setSystemTime(Date.now() + 31_000);
      answer = { status: 500, body: "" };
      const forged = await tokenOf(stranger, "made-up");
      await expect(seal.open(forged, now)).rejects.toMatchObject({ code: "unavailable" });
      expect(await seal.open(token, now)).toMatchObject({ id: record.id });
      await expect(seal.open(forged, now)).rejects.toMatchObject({ code: "unavailable" });
      expect(requests).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are a config error for HS, whose keys are secret, and for what is no address", async () => {
    const config: unknown = expect.objectContaining({ code: "config" });
    const options = { keys: "x", jwks: server.url };
    expect(() => createJwtBackend({ ...options, algorithm: "HS256" })).toThrow(config);
    await expect(here("published.json").ready?.()).rejects.toThrow(config);
    await expect(here("file:///etc/keys.json").ready?.()).rejects.toThrow(config);
  });
});
