import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { env } from "../../../runtime/platform/env.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import {
  type CookieOptions,
  removeCookieHeader,
  resolveCookiePolicy,
  setCookieHeader,
} from "../../../runtime/transport/cookie-policy.js";

const config: unknown = expect.objectContaining({ code: "config" });

afterEach(() => vi.unstubAllEnvs());

describe("resolveCookiePolicy", () => {
  it("is safe by default", () => {
    const policy = resolveCookiePolicy(undefined, "session");
    expect(setCookieHeader(policy, "k", 60)).toBe(
      "__Host-session=k; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
    expect(Object.isFrozen(policy)).toBe(true);
  });

  it("names the cookie after the kind, with __Host- where browsers allow it", () => {
    expect(resolveCookiePolicy({}, "adminSession").name).toBe("__Host-admin-session");
    expect(resolveCookiePolicy({}, "userHTTPSession").name).toBe("__Host-user-http-session");
    expect(resolveCookiePolicy({ secure: false }, "adminSession").name).toBe("admin-session");
    expect(resolveCookiePolicy({ path: "/app" }, "session").name).toBe("session");
    expect(resolveCookiePolicy({ domain: "example.com" }, "session").name).toBe("session");
    expect(resolveCookiePolicy({ name: "sid" }, "session").name).toBe("sid");
  });

  it("writes every option", () => {
    const policy = resolveCookiePolicy(
      {
        name: "sid",
        path: "/app",
        domain: ".Example.com",
        sameSite: "none",
        maxAge: "1h",
        partitioned: true,
        priority: "high",
      },
      "session",
    );
    expect(setCookieHeader(policy, "k", 86_400)).toBe(
      "sid=k; Max-Age=3600; Path=/app; Domain=example.com; HttpOnly; Secure; SameSite=None; Partitioned; Priority=High",
    );
    const open = resolveCookiePolicy({ secure: false, httpOnly: false, sameSite: "strict" }, "session");
    expect(setCookieHeader(open, "k", null)).toBe("session=k; Path=/; SameSite=Strict");
  });

  it("reads texts from the environment, and checks them too", () => {
    vi.stubEnv("COOKIE_DOMAIN", "shop.example");
    const options: CookieOptions = { domain: env("COOKIE_DOMAIN"), sameSite: env("COOKIE_SITE", "strict") };
    expect(resolveCookiePolicy(options, "session").attributes).toBe(
      "; Path=/; Domain=shop.example; HttpOnly; Secure; SameSite=Strict",
    );
    vi.stubEnv("COOKIE_DOMAIN", "shop.example; Path=/x");
    expect(() => resolveCookiePolicy(options, "session")).toThrow(config);
    vi.stubEnv("COOKIE_DOMAIN", "");
    expect(() => resolveCookiePolicy(options, "session")).toThrow(config);
  });

  const impossible: readonly CookieOptions[] = [
    { sameSite: "none", secure: false },
    { partitioned: true, secure: false },
    { name: "__Host-a", domain: "example.com" },
    { name: "__Host-a", path: "/app" },
    { name: "__Host-a", secure: false },
    { name: "__HOST-a", secure: false },
    { name: "__Secure-a", secure: false },
    { name: "__Http-a", httpOnly: false },
    { name: "__Host-Http-a", httpOnly: false },
    { name: "__Host-Http-a", path: "/app" },
    { name: "" },
    { name: "a".repeat(257) },
    { path: "" },
    { path: "app" },
    { path: `/${"a".repeat(1024)}` },
    { domain: "" },
    { domain: "-a.com" },
    { domain: "a..com" },
    { domain: "пример.рф" },
    { domain: `${"a".repeat(64)}.com` },
    { domain: `${"a.".repeat(127)}com` },
    { sameSite: { env: "UNSET", default: "LAX" } },
    { priority: { env: "UNSET", default: "toString" } },
    { maxAge: 0 },
    { maxAge: Number.NaN },
  ];
  it.each(impossible)("refuses %j", (options) => {
    expect(() => resolveCookiePolicy(options, "session")).toThrow(config);
  });

  it("refuses a kind whose name no cookie can have", () => {
    expect(() => resolveCookiePolicy({}, "名前")).toThrow(config);
  });
});

describe("setCookieHeader and removeCookieHeader", () => {
  const policy = resolveCookiePolicy({}, "session");

  it("leaves Max-Age out for a session that ends with the browser, and rounds up", () => {
    expect(setCookieHeader(policy, "k", null)).toBe(
      "__Host-session=k; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
    expect(setCookieHeader(policy, "k", 0.2)).toContain("; Max-Age=1;");
    expect(setCookieHeader(policy, "k", -5)).toContain("; Max-Age=0;");
    expect(setCookieHeader(policy, "k", 1e300)).toContain(`; Max-Age=${Number.MAX_SAFE_INTEGER};`);
    expect(() => setCookieHeader(policy, "k", Number.NaN)).toThrow(
      expect.objectContaining({ code: "invalid" }),
    );
  });

  it("repeats the attributes when it removes", () => {
    const other = resolveCookiePolicy({ path: "/app", domain: "example.com", partitioned: true }, "session");
    expect(removeCookieHeader(other)).toBe(
      "session=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; Domain=example.com; HttpOnly; Secure; SameSite=Lax; Partitioned",
    );
  });

  it("lets no option and no value put text of its own into the header", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "; Domain=evil",
        "a\r\nSet-Cookie: b=c",
        "\0",
        "a;b",
        "a,b",
        "a b",
        "é",
        "\u{1F36A}",
        "/;",
        "/\n",
      ),
      fc
        .tuple(fc.constantFrom("", "/", "a"), fc.integer({ min: 0, max: 255 }), fc.constantFrom("", "a"))
        .map(([before, code, after]) => before + String.fromCharCode(code) + after),
    );
    // The grammar of the whole line, by RFC 6265bis, with the attributes in our order.
    const line =
      /^[!#$%&'*+\-.^_`|~\w]+=[!#-+\--:<-[\]-~]*(?:; Max-Age=\d+(?:; Expires=[\w ,:]+)?)?; Path=\/[!$-:=@~\w]*(?:; Domain=[a-z\d.-]+)?; HttpOnly; Secure; SameSite=(?:Lax|Strict|None)(?:; Priority=(?:Low|Medium|High))?$/;
    const text = fc.option(hostile, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ name: text, path: text, domain: text, sameSite: text, priority: text }),
        hostile,
        (texts, value) => {
          const options = Object.fromEntries(
            Object.entries(texts).flatMap(([option, given]) =>
              given === undefined ? [] : [[option, { env: "UNSET_IN_TESTS", default: given }]],
            ),
          );
          for (const written of writtenOrRefused(options, value)) expect(written).toMatch(line);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

function writtenOrRefused(options: CookieOptions, value: string): readonly string[] {
  const lines: string[] = [];
  try {
    const policy = resolveCookiePolicy(options, "session");
    lines.push(removeCookieHeader(policy), setCookieHeader(policy, "k", 60));
    lines.push(setCookieHeader(policy, value, null));
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
  }
  return lines;
}
