import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type HeaderValue,
  mergedHeader,
  outranksCacheControl,
} from "../../../runtime/http/response-headers.js";

const ours = 'private, no-cache="Set-Cookie"';

describe("mergedHeader", () => {
  const cases: readonly (readonly [
    name: string,
    value: string,
    present: HeaderValue,
    merged: string | string[],
  ])[] = [
    ["Set-Cookie", "s=1", "a=1", ["a=1", "s=1"]],
    ["set-cookie", "s=1", ["a=1", "b=2"], ["a=1", "b=2", "s=1"]],
    ["Set-Cookie", "s=1", ["s=1"], ["s=1"]],
    ["Vary", "Cookie", "Accept-Encoding", "Accept-Encoding, Cookie"],
    ["Vary", "Cookie", "accept, COOKIE", "accept, COOKIE"],
    ["Vary", "Cookie", "*", "*"],
    ["Vary", "Cookie", ["Accept", "Origin"], "Accept,Origin, Cookie"],
    ["Vary", "Cookie", "", "Cookie"],
    ["Vary", "Cookie", "X-Cookie", "X-Cookie, Cookie"],
    ["Cache-Control", ours, "public, max-age=60", `${ours}, max-age=60`],
    ["Cache-Control", ours, "PUBLIC, s-maxage=60, max-age=5", `${ours}, max-age=5`],
    ["Cache-Control", ours, "max-age=60", `${ours}, max-age=60`],
    ["Cache-Control", ours, "no-store", "no-store"],
    ["Cache-Control", ours, "public, No-Store", "public, No-Store"],
    ["Cache-Control", ours, "must-understand, no-store, public", `${ours}, must-understand, no-store`],
    ["Cache-Control", ours, "private", 'no-cache="Set-Cookie", private'],
    ["Cache-Control", ours, 'private="X-User", max-age=1', `${ours}, max-age=1`],
    ["Cache-Control", ours, "no-cache", "private, no-cache"],
    ["Cache-Control", ours, ours, ours],
    ["Cache-Control", ours, 'ext="public, s-maxage=1", public', `${ours}, ext="public, s-maxage=1"`],
    ["Cache-Control", ours, "", ours],
    ["X-Other", "new", "old", "new"],
  ];
  it.each(cases)("%s: %s onto %j", (name, value, present, merged) => {
    expect(mergedHeader(name, value, present)).toEqual(merged);
  });

  it("leaves no Cache-Control that lets others store the response", () => {
    const directive = fc.constantFrom(
      "public",
      "s-maxage=60",
      "max-age=60",
      'private="a"',
      "no-cache",
      "no-store",
      "Public",
      "private",
    );
    fc.assert(
      fc.property(fc.array(directive, { maxLength: 6 }), (directives) => {
        const merged = String(mergedHeader("Cache-Control", ours, directives.join(", "))).split(/, */);
        if (merged.includes("no-store")) return;
        expect(merged).toContain("private");
        expect(merged.filter((one) => /^(?:public|s-maxage)/i.test(one))).toEqual([]);
      }),
    );
  });
});

it("knows the headers that caches prefer to Cache-Control, in any spelling", () => {
  const names = [
    "CDN-Cache-Control",
    "cloudflare-cdn-cache-control",
    "ExampleCDN-Cache-Control",
    "Surrogate-Control",
    "X-Accel-Expires",
    "Edge-Control",
  ];
  expect(names.map(outranksCacheControl)).not.toContain(false);
  expect(
    ["Cache-Control", "Access-Control-Max-Age", "X-CDN-Cache-Control-Seen"].map(outranksCacheControl),
  ).not.toContain(true);
});
