import { describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { openSealedSessions } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { fakeClock } from "../../../runtime/testing/index.js";
import type { SealedRecord, SessionSeal } from "../../../runtime/types/seal.js";
import { shopKind } from "../../suites/shop-kind.js";

const keys = randomText(32);
const kind = { ...shopKind, indexes: [], merge: {} };
const seals: readonly (readonly [string, SessionSeal])[] = [
  ["cookie", createCookieBackend({ keys })],
  ["jwt", createJwtBackend({ algorithm: "HS256", keys })],
];

describe.each(seals)("a token of a %s with the right key and cookie name", (_what, seal) => {
  const options = { clock: fakeClock(), logger: { warn: () => undefined } };
  const sessions = openSealedSessions(kind, options, () => seal);
  const tokenAs = async (change: Partial<SealedRecord>): Promise<string> => {
    const session = sessions.create({ userId: 42 });
    const record = await seal.open(await session.ensureKey(), options.clock());
    if (record === null) throw new Error("it opens nothing");
    return seal.seal({ ...record, ...change });
  };

  it("opens as it was sealed", async () => {
    expect(await sessions.load(await tokenAs({}))).toMatchObject({ userId: 42 });
  });

  it.each<[string, Partial<SealedRecord>]>([
    ["a tenant's", { tenant: "acme" }],
    ["of the tenant without a name", { tenant: "" }],
    ["of bytes that are no session", { data: new Uint8Array(40) }],
    ["whose absolute limit has passed", { createdAt: 0 }],
    ["that has expired", { expiresAt: options.clock() }],
  ])("opens nothing when it is %s", async (_case, change) => {
    expect(await sessions.load(await tokenAs(change))).toBeNull();
  });

  it("opens nothing in another kind, though it has the same cookie", async () => {
    for (const name of ["adminSession", "sessions", "ession", ""]) {
      const other = openSealedSessions({ ...kind, name }, { ...options, cookie: { name: "c" } }, () => seal);
      expect(await other.load(await tokenAs({}))).toBeNull();
      const session = other.create({ userId: 7 });
      expect(await sessions.load(await session.ensureKey())).toBeNull();
    }
  });
});
