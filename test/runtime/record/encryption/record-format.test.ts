import { describe, expect, it } from "vitest";
import { jsonCodec } from "../../../../runtime/codecs/json.js";
import { brotli } from "../../../../runtime/compression/brotli.js";
import type { Compression } from "../../../../runtime/compression/compression.js";
import type { KeyTexts } from "../../../../runtime/index.js";
import { randomText } from "../../../../runtime/platform/built-ins.js";
import { UnreadableRecord } from "../../../../runtime/record/record.js";
import {
  createRecordFormat,
  type FormattedRecord,
  type RecordFormat,
} from "../../../../runtime/record/record-format.js";

const codec = jsonCodec({ note: { kind: "string" } });
const [key, other] = [randomText(32), randomText(32)];
const contents = { meta: { writes: "12345678" }, fields: { note: "canary canary canary" } };

function format(keys?: KeyTexts, compression?: Compression, kind = "session"): RecordFormat {
  return createRecordFormat({
    kind,
    shapeHash: "shape",
    codec,
    compression,
    ...(keys !== undefined && { encryption: { keys } }),
  });
}

function isRefused(reader: RecordFormat, record: FormattedRecord): boolean {
  try {
    reader.decode(record);
    return false;
  } catch (error) {
    return error instanceof UnreadableRecord;
  }
}

describe("an encrypted record", () => {
  it("opens with its key, holds nothing of its text, and names its key", () => {
    const record = format(key).encode(contents, "id");
    expect(format(key).decode(record)).toEqual(contents);
    expect(Buffer.from(record.data).includes("canary")).toBe(false);
    expect(record.header).toMatch(/^1;json;-;[\w-]{8};shape;session$/);
  });

  it("is another each time, for equal contents", () => {
    const write = (): string => Buffer.from(format(key).encode(contents, "id").data).toString("hex");
    expect(write()).not.toBe(write());
  });

  it("is compressed before it is encrypted", () => {
    const long = { ...contents, fields: { note: "word ".repeat(400) } };
    const record = format(key, brotli()).encode(long, "id");
    expect(record.data.length).toBeLessThan(400);
    expect(record.header).toContain(";brotli;");
    expect(format(key).decode(record)).toEqual(long);
  });

  it("is refused with any bit of it flipped, and cut or lengthened anywhere", () => {
    const reader = format(key);
    const record = reader.encode(contents, "id");
    for (let bit = 0; bit < record.data.length * 8; bit += 1) {
      const data = Uint8Array.from(record.data);
      data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isRefused(reader, { ...record, data }), `bit ${bit}`).toBe(true);
    }
    for (let length = 0; length < record.data.length; length += 1) {
      expect(isRefused(reader, { ...record, data: record.data.subarray(0, length) })).toBe(true);
    }
    expect(isRefused(reader, { ...record, data: Buffer.concat([record.data, new Uint8Array(1)]) })).toBe(
      true,
    );
  });

  it("is refused under another id, and under any other header", () => {
    const reader = format([key, other]);
    const [one, two] = [reader.encode(contents, "one"), reader.encode(contents, "two")];
    expect(isRefused(reader, { ...one, id: "two" })).toBe(true);
    expect(isRefused(reader, { ...one, data: two.data })).toBe(true);
    const headers = [
      one.header.replace(";shape;", ";other;"),
      one.header.replace(";-;", ";brotli;"),
      one.header.replace(/;session$/, ";admin"),
      one.header.replace(
        /[\w-]{8}(?=;shape)/,
        format(other).encode(contents, "one").header.split(";")[3] ?? "",
      ),
      one.header.replace(/[\w-]{8}(?=;shape)/, "-"),
    ];
    for (const header of headers) {
      expect(header).not.toBe(one.header);
      expect(isRefused(reader, { ...one, header }), header).toBe(true);
    }
    expect(reader.decode(one)).toEqual(contents);
  });

  it("opens while its key is in the ring, wherever, and not after", () => {
    const record = format(key).encode(contents, "id");
    for (const keys of [[key, other], [other, key], `${other},${key}`]) {
      expect(format(keys).decode(record)).toEqual(contents);
    }
    expect(isRefused(format(other), record)).toBe(true);
    expect(isRefused(format(), record)).toBe(true);
  });

  it("is the only one that is read where all are encrypted", () => {
    expect(isRefused(format(key), format().encode(contents, "id"))).toBe(true);
  });

  it("may be as large as one that is not, and no larger", () => {
    const limit = 4 * 1024 * 1024;
    const noteOf = (length: number) => ({ meta: { writes: "" }, fields: { note: "x".repeat(length) } });
    const longest = limit - codec.encode(noteOf(0)).length;
    const record = format(key).encode(noteOf(longest), "id");
    expect(record.data.length).toBeGreaterThan(limit);
    expect(format(key).decode(record).fields["note"]).toHaveLength(longest);
    expect(() => format(key).encode(noteOf(longest + 1), "id")).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
    const larger = { ...record, data: Buffer.concat([record.data, new Uint8Array(100)]) };
    expect(isRefused(format(key), larger)).toBe(true);
  });

  it("says what is wrong with the keys, by ready() or at first use, and never a key", async () => {
    for (const keys of ["", "weak", [key, key], { env: "SESSION_GEN_NO_SUCH_KEY" }]) {
      const refused = expect.objectContaining({
        code: "config",
        message: expect.not.stringMatching(new RegExp(`${key}|weak,`)),
      });
      const broken = format(keys);
      await expect(broken.ready()).rejects.toEqual(refused);
      expect(() => broken.encode(contents, "id")).toThrow(refused);
      expect(() => broken.decode(format(key).encode(contents, "id"))).toThrow(refused);
    }
  });
});

describe("the indexed values of encrypted records", () => {
  const { indexes } = format([key, other]);

  it("are hashes that differ by key, kind, field, type and value, and say nothing", () => {
    const hashes = [
      indexes.toStored("userId", 42),
      indexes.toStored("userId", 43),
      indexes.toStored("userId", "42"),
      indexes.toStored("userId", true),
      indexes.toStored("teamId", 42),
      format([other]).indexes.toStored("userId", 42),
      format([key], undefined, "admin").indexes.toStored("userId", 42),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{43}$/);
  });

  it("are looked for under every key, that which encrypts last; none is none", () => {
    const under = (ring: string): unknown => format([ring]).indexes.toStored("userId", 42);
    expect(indexes.candidates("userId", 42)).toEqual([under(other), under(key)]);
    expect(indexes.toStored("userId", 42)).toBe(under(key));
    expect(indexes.candidates("userId", null)).toEqual([null]);
  });
});
