import { isUtf8 } from "node:buffer";
import type { DecodeLimits } from "../types/codec.js";

/**
 * Called for a NaN, which no stored value is, with the place of its eight bytes; one of fewer bytes is refused.
 * Without, NaN is refused as infinities are.
 */
export type WhenNaN = (offset: number) => void;

/**
 * Walks over an encoded value and refuses what is not well-formed or beyond the limits, before anything is built of it.
 * Every method throws `RangeError` or `TypeError`, which say what is wrong and hold no data.
 */
export class ByteScan {
  readonly #bytes: Buffer;
  readonly #limits: DecodeLimits;
  readonly #whenNaN: WhenNaN | undefined;
  #position = 0;
  #values = 0;

  constructor(bytes: Uint8Array, limits: DecodeLimits, whenNaN?: WhenNaN) {
    if (bytes.length > limits.maxBytes) throw new RangeError(`more than ${limits.maxBytes} bytes`);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#whenNaN = whenNaN;
  }

  /** An unsigned integer of one byte or more, the highest first. One that a number cannot hold is refused. */
  integer(size: 1 | 2 | 4 | 8): number {
    const start = this.skip(size);
    if (size === 1) return this.#bytes[start] ?? 0;
    if (size === 2) return this.#bytes.readUInt16BE(start);
    if (size === 4) return this.#bytes.readUInt32BE(start);
    return toSafe(this.#bytes.readBigUInt64BE(start));
  }

  /** A signed integer of eight bytes. */
  signed(): void {
    toSafe(this.#bytes.readBigInt64BE(this.skip(8)));
  }

  float(size: 4 | 8): void {
    const start = this.skip(size);
    const value = size === 4 ? this.#bytes.readFloatBE(start) : this.#bytes.readDoubleBE(start);
    if (Number.isFinite(value)) return;
    if (Number.isNaN(value) && size === 8 && this.#whenNaN !== undefined) this.#whenNaN(start);
    else throw new RangeError("a number that is not finite");
  }

  /** So many bytes of any content; answers where they start. */
  skip(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new RangeError("bytes that end too early");
    this.#position = start + length;
    return start;
  }

  /** A text of so many bytes; answers where it starts. */
  text(length: number): number {
    const start = this.skip(length);
    const bytes = this.#bytes;
    for (let index = start; index < this.#position; index += 1) {
      if ((bytes[index] ?? 0) < 0x80) continue;
      if (!isUtf8(bytes.subarray(index, this.#position))) throw new TypeError("not UTF-8");
      break;
    }
    return start;
  }

  /** `count` values at one level. */
  list(count: number, depth: number, scanValue: (depth: number) => void): void {
    this.#enter(count, count, depth);
    for (let index = 0; index < count; index += 1) scanValue(depth + 1);
  }

  /** `count` members, the length of whose names, being texts, `readNameLength` reads. No name may come twice. */
  members(
    count: number,
    depth: number,
    readNameLength: () => number,
    scanValue: (depth: number) => void,
  ): void {
    this.#enter(count, 2 * count, depth);
    const names = new Set<string>();
    for (let index = 0; index < count; index += 1) {
      const start = this.text(readNameLength());
      names.add(this.#bytes.toString("latin1", start, this.#position));
      scanValue(depth + 1);
    }
    if (names.size < count) throw new TypeError("a name that comes twice");
  }

  end(): void {
    if (this.#position < this.#bytes.length) throw new RangeError("bytes after the end");
  }

  #enter(count: number, fewestBytes: number, depth: number): void {
    if (depth >= this.#limits.maxDepth) throw new RangeError(`more than ${this.#limits.maxDepth} levels`);
    if (fewestBytes > this.#bytes.length - this.#position) throw new RangeError("bytes that end too early");
    this.#values += count;
    if (this.#values > this.#limits.maxValues)
      throw new RangeError(`more than ${this.#limits.maxValues} values`);
  }
}

function toSafe(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError("an integer that no number can hold");
}
