import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCookies, writeCookie } from "../../../runtime/transport/cookie.js";

const name = "__Host-session";

describe("readCookies", () => {
  const cases: readonly (readonly [what: string, header: string | undefined, values: readonly string[]])[] = [
    ["no header", undefined, []],
    ["an empty header", "", []],
    ["another cookie", "theme=dark", []],
    ["the only cookie", `${name}=abc`, ["abc"]],
    ["one among others", `a=1; ${name}=abc; b=2`, ["abc"]],
    ["several", `${name}=one; ${name}=two`, ["one", "two"]],
    ["blanks around everything", ` \t${name} =\t abc \t; b=2`, ["abc"]],
    ["no blank after the semicolon", `a=1;${name}=abc`, ["abc"]],
    ["quotes around the value", `${name}="abc"`, ["abc"]],
    ["one quote", `${name}="`, ['"']],
    ["an equals sign in the value", `${name}=a=b==`, ["a=b=="]],
    ["an empty value", `${name}=; b=2`, [""]],
    ["no equals sign", `${name}; b=2`, []],
    ["a longer name before it", `x${name}=no`, []],
    ["a longer name after it", `${name}2=no; ${name}=yes`, ["yes"]],
    ["its name inside a value", `a=${name}=no`, []],
    ["its name after a blank inside a value", `a=b ${name}=no`, []],
    ["another case of its name", "__host-session=no", []],
    ["its name as the value of itself", `${name}=${name}=1`, [`${name}=1`]],
    ["percent signs, which stay", `${name}=%41%`, ["%41%"]],
    ["a semicolon in quotes, which ends the value", `a="x; ${name}=abc"`, ['abc"']],
  ];
  it.each(cases)("reads %s", (_what, header, values) => {
    expect(readCookies(header, name)).toEqual(values);
  });

  it("looks at the first 20 only", () => {
    const header = Array.from({ length: 30 }, (_, index) => `s=${index}`).join("; ");
    expect(readCookies(header, "s")).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
  });

  it("finds what a plain reading of RFC 6265bis finds, on any header, and never throws", () => {
    const piece = fc.constantFrom(
      "s",
      "s=",
      "=",
      ";",
      "; ",
      " ",
      "\t",
      '"',
      "s=1",
      "xs=2",
      "sx",
      "ss=",
      "a",
      "é",
      "\0",
    );
    const header = fc.oneof(
      fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(header, fc.constantFrom("s", "ss", "a"), (text, wanted) => {
        expect(readCookies(text, wanted)).toEqual(readPlainly(text, wanted));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, wanted) => {
        readCookies(text, wanted);
      }),
    );
  });

  const hostile: readonly (readonly [string, string])[] = [
    ["one long other cookie", `a=${"x".repeat(16_000)}`],
    ["only its name", "s".repeat(16_000)],
    ["only blanks behind its name", `s${" ".repeat(16_000)}`],
    ["its name and blanks in turn", "s ".repeat(8000)],
    ["only semicolons", ";".repeat(16_000)],
    ["thousands of cookies of that name", "s=1;".repeat(4000)],
    ["thousands of near misses", "xs=1;".repeat(3200)],
  ];
  it.each(hostile)("reads 16 kB in under a millisecond: %s", (_what, header) => {
    const rounds = 50;
    for (let round = 0; round < rounds; round += 1) readCookies(header, "s");
    const start = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) readCookies(header, "s");
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / rounds).toBeLessThan(1000);
  });
});

describe("writeCookie", () => {
  it("joins name, value and attributes", () => {
    expect(writeCookie("s", "abc", "; Path=/")).toBe("s=abc; Path=/");
  });

  it("refuses a name or value that could begin something else, byte by byte", () => {
    for (let code = 0; code < 0x180; code += 1) {
      const character = String.fromCharCode(code);
      const isOctet = /[!#$%&'()*+\-./:<=>?@[\]^_`{|}~0-9A-Za-z]/.test(character);
      const isToken = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character);
      const asValue = (): string => writeCookie("s", `a${character}b`, "");
      const asName = (): string => writeCookie(`a${character}b`, "1", "");
      if (isOctet) expect(asValue()).toBe(`s=a${character}b`);
      else expect(asValue, `value with ${code}`).toThrow(expect.objectContaining({ code: "invalid" }));
      if (isToken) expect(asName()).toBe(`a${character}b=1`);
      else expect(asName, `name with ${code}`).toThrow(expect.objectContaining({ code: "config" }));
    }
    expect(() => writeCookie("", "1", "")).toThrow(expect.objectContaining({ code: "config" }));
  });

  it("keeps to 4096 bytes in all", () => {
    expect(writeCookie("s", "x".repeat(4086), "; Path=/")).toHaveLength(4096);
    expect(() => writeCookie("s", "x".repeat(4087), "; Path=/")).toThrow(
      expect.objectContaining({ code: "too-large", details: { bytes: 4097, limit: 4096 } }),
    );
  });
});

function readPlainly(header: string, wanted: string): readonly string[] {
  const trim = (text: string): string => text.replace(/^[ \t]+/, "").replace(/[ \t]+$/, "");
  return header
    .split(";")
    .flatMap((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0 || trim(pair.slice(0, equals)) !== wanted) return [];
      const value = trim(pair.slice(equals + 1));
      return [/^".*"$/s.test(value) ? value.slice(1, -1) : value];
    })
    .slice(0, 20);
}
