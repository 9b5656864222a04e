import { afterEach, expect, it, vi } from "vitest";
import { recordLimits } from "../../../runtime/record/limits.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

it("bytes are read also where a Buffer slices no text without being told from where, as in workerd", async () => {
  const { latin1Slice } = Object(Buffer.prototype);
  vi.spyOn(Object(Buffer.prototype), "latin1Slice").mockImplementation(function (this: unknown, ...range) {
    if (range.length === 0) throw new TypeError('The "start" argument must be of type number.');
    return latin1Slice.apply(this, range);
  });
  vi.resetModules();
  const { ByteReader } = await import("../../../runtime/codecs/wire/byte-reader.js");
  expect(new ByteReader(Buffer.from("text"), recordLimits, false).text(4)).toBe("text");
});
