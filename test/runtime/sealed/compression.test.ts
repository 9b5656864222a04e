import { describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../../runtime/backends/jwt.js";
import { brotli } from "../../../runtime/compression/brotli.js";
import type { Compression } from "../../../runtime/compression/compression.js";
import { gzip } from "../../../runtime/compression/gzip.js";
import { zstd } from "../../../runtime/compression/zstd.js";
import { openSealedSessions, type SealedSessions, type SessionSeal } from "../../../runtime/index.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { type ShopSession, shopKind } from "../../suites/shop-kind.js";

const keys = randomText(32);
const seals: Readonly<Record<string, (cookieName: string) => SessionSeal>> = {
  cookie: (cookieName) => createCookieBackend({ keys, cookieName }),
  jwt: (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName }),
};

const text = Array.from({ length: 300 }, (_, number) => `item ${number}: in stock`).join("; ");

function open(
  createSeal: (cookieName: string) => SessionSeal,
  compression?: Compression,
): SealedSessions<ShopSession> {
  const kind = { ...shopKind, indexes: [], merge: {}, ...(compression && { compression }) };
  return openSealedSessions<ShopSession>(kind, {}, createSeal);
}

describe.each(Object.entries(seals))("sessions in a %s", (_name, createSeal) => {
  it.each([brotli(), gzip(), zstd()])("fit when they are compressed with $algorithm", async (compression) => {
    const sessions = open(createSeal, compression);
    const session = sessions.create({ theme: text });
    await session.save();
    const [[, cookie = ""] = []] = await sessions.commit(session);
    expect(cookie.length).toBeLessThan(4096);
    expect((await open(createSeal, compression).load(session.key ?? ""))?.theme).toBe(text);
  });

  it("are not compressed unless they are asked to be", async () => {
    await expect(open(createSeal).create({ theme: text }).save()).rejects.toMatchObject({
      code: "too-large",
    });
  });

  it("are read when the schema does not ask for it any more", async () => {
    const session = open(createSeal, gzip()).create({ theme: text.slice(0, 2000) });
    await session.save();
    const later = await open(createSeal).load(session.key ?? "");
    expect(later?.theme).toBe(text.slice(0, 2000));
  });
});
