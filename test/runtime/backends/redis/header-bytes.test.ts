import { describe, expect, test } from "vitest";
import { fromHeaderBytes, toHeaderBytes } from "../../../../runtime/backends/redis/header-bytes.js";

const hash = "f1bd3bd99c641b8f";

describe("a header in Redis", () => {
  test.each([
    [`1;json;-;-;${hash};session`, 16],
    [`1;protobuf;-;-;${hash};session`, 16],
    [`1;bincode;zstd;-;${hash};名前`, 15],
    [`1;cbor;brotli;0123456789abcdef;${hash};adminSession`, 38],
    [`1;json;-;;${hash};session`, 17],
    [`1;json;-;-;${hash};`, 9],
  ])("%s is %i bytes, and comes back", (header, length) => {
    expect(toHeaderBytes(header)).toHaveLength(length);
    expect(readBack(header)).toBe(header);
  });

  test.each([
    ...["", "damaged", "1;json;-;-;0", "1;json;-;-;present;session", `2;json;-;-;${hash};session`],
    ...[
      `1;json;-;-;${hash.toUpperCase()};session`,
      `1;yaml;-;-;${hash};session`,
      `1;json;lz4;-;${hash};session`,
    ],
    `1;json;-;-;${hash};a;b`,
  ])("%o stands as it is", (header) => {
    expect(toHeaderBytes(header)).toHaveLength(1 + Buffer.byteLength(header));
    expect(readBack(header)).toBe(header);
  });

  test("one of another after another is not that of the one before", () => {
    const [one, other] = [`1;json;-;-;${hash};one`, `1;json;-;-;${hash};other`];
    expect([one, other, one].map(readBack)).toEqual([one, other, one]);
  });

  test.each([[[21, ...Buffer.alloc(12)]], [[255, ...Buffer.alloc(12)]], [[1, 2, 3]]])(
    "%j is none",
    (bytes) => {
      expect(fromHeaderBytes(Buffer.from(bytes), 0, bytes.length)).toBeNull();
    },
  );
});

function readBack(header: string): string | null {
  const value = Buffer.concat([Buffer.from("before"), toHeaderBytes(header), Buffer.from("behind")]);
  return fromHeaderBytes(value, 6, value.length - 6);
}
