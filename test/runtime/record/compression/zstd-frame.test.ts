import { describe, expect, it } from "vitest";
import { zstdContentSize } from "../../../../runtime/compression/zstd-frame.js";

const limit = 4 * 1024 * 1024;

/** The bytes written as hexadecimal digits; blanks part what belongs together. */
const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(" ", ""), "hex");

/** Magic number, descriptor, size of one byte, one raw block that is the last, its three bytes. */
const small = "28b52ffd 20 03 190000 616263";

describe("the claims of a zstd frame", () => {
  it.each([
    ["one byte", small, 3],
    ["two bytes, less 256", "28b52ffd 60 0001 010000", 512],
    ["four bytes", "28b52ffd a0 00002000 010000", 2 * 1024 * 1024],
    ["eight bytes", "28b52ffd e0 0000200000000000 010000", 2 * 1024 * 1024],
    ["four bytes behind a window", "28b52ffd 80 58 00001000 010000", 1024 * 1024],
    ["the most that is allowed", "28b52ffd a0 00004000 010000", limit],
    ["a checksum behind", "28b52ffd 24 03 190000 616263 00000000", 3],
    ["several blocks", "28b52ffd 20 03 080000 61 130000 62", 3],
  ])("are read: %s", (_what, frame, size) => {
    expect(zstdContentSize(hex(frame), limit)).toBe(size);
  });

  it.each([
    ["nothing", ""],
    ["only a magic number", "28b52ffd"],
    ["another magic number", "28b52ffe 20 03 190000 616263"],
    ["a skippable frame", "502a4d18 03000000 616263"],
    ["a byte more than the limit", "28b52ffd a0 01004000 010000"],
    ["more than any number can tell", "28b52ffd e0 ffffffffffffffff 010000"],
    ["no size", "28b52ffd 00 58 190000 616263"],
    ["a dictionary of one byte", "28b52ffd 21 07 03 190000 616263"],
    ["a dictionary of four bytes", "28b52ffd 23 07000000 03 190000 616263"],
    ["a reserved bit", "28b52ffd 28 03 190000 616263"],
    ["a window of two gigabytes", "28b52ffd 80 a8 00001000 010000"],
    ["a window of nine megabytes", "28b52ffd 80 69 00001000 010000"],
    ["a block of the reserved type", "28b52ffd 20 03 1f0000 616263"],
    ["no last block", "28b52ffd 20 03 180000 616263"],
    ["a block that is longer than the frame", "28b52ffd 20 03 210000 616263"],
    ["a block that is shorter", "28b52ffd 20 03 110000 616263"],
    ["a checksum that is missing", "28b52ffd 24 03 190000 616263"],
    ["two frames", small + small],
    ["a byte behind it", `${small}00`],
  ])("are refused: %s", (_what, frame) => {
    expect(() => zstdContentSize(hex(frame), limit)).toThrow();
  });
});
