import { describe, expect, it } from "vitest";
import { createCookieBackend } from "../../../runtime/backends/cookie.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import { env } from "../../../runtime/platform/env.js";
import { sealSuite } from "../../suites/seal.js";

const secrets = { one: randomText(32), two: randomText(32) };

sealSuite("the cookie seal", (keys, cookieName) =>
  createCookieBackend({ keys: keys.map((key) => secrets[key]), cookieName }),
);

const record = {
  id: "h".repeat(43),
  tenant: null,
  header: "1;json;-;-;0;session",
  data: new TextEncoder().encode("the payload that nobody reads"),
  createdAt: 1,
  expiresAt: 2,
};

describe("createCookieBackend", () => {
  it("shows nothing of what it seals, and never seals twice the same", async () => {
    const seal = createCookieBackend({ keys: secrets.one });
    const tokens = new Set<string>();
    for (let time = 0; time < 100; time += 1) tokens.add(await seal.seal(record));
    expect(tokens.size).toBe(100);
    for (const token of tokens) {
      const bytes = Buffer.from(token, "base64url").toString("latin1");
      expect(bytes).not.toContain("payload");
      expect(bytes).not.toContain("session");
      expect(bytes).not.toContain("hhhhh");
    }
  });

  it("reads its keys from the environment at first use, parted by commas", async () => {
    delete process.env["COOKIE_TEST_KEYS"];
    const seal = createCookieBackend({ keys: env("COOKIE_TEST_KEYS") });
    await expect(seal.ready?.()).rejects.toMatchObject({ code: "config" });
    process.env["COOKIE_TEST_KEYS"] = `${secrets.two}, ${secrets.one},`;
    const token = await createCookieBackend({ keys: secrets.one }).seal(record);
    expect(await seal.open(token)).toMatchObject({ id: record.id });
    delete process.env["COOKIE_TEST_KEYS"];
  });

  it("answers within a millisecond", async () => {
    const seal = createCookieBackend({ keys: secrets.one });
    const token = await seal.seal(record);
    const start = performance.now();
    for (let time = 0; time < 2000; time += 1) await seal.open(token);
    expect((performance.now() - start) / 2000).toBeLessThan(1);
  });
});
