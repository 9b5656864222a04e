import { Buffer } from "node:buffer";
import { SessionError } from "../../platform/errors.js";

/** What every binary format writes with: bytes that grow. Methods move `position` over what they wrote. */
export class ByteWriter {
  /** Whether the values are as the app holds them, with dates; else in wire form. */
  isApp = false;
  bytes: Buffer = noBytes;
  position = 0;
  /** Whether everything written so far keeps the rules of the shape; what is not sure is for the whole check to judge. */
  isSure = true;
  private start = 0;

  constructor(isApp: boolean) {
    this.begin(isApp);
  }

  /** Begins anew: what was written before is finished or given up. */
  begin(isApp: boolean): void {
    this.isApp = isApp;
    this.isSure = true;
    const isFresh = slab === undefined || slabPosition > slabSize - room;
    this.bytes = isFresh || slab === undefined ? Buffer.allocUnsafeSlow(slabSize) : slab;
    this.start = isFresh ? 0 : slabPosition;
    this.position = this.start;
    slab = undefined;
  }

  /** Notes that a value may not keep the rules of the shape. */
  doubt(): void {
    this.isSure = false;
  }

  /** Makes room for so many bytes after the position. */
  reserve(length: number): void {
    if (this.position + length > this.bytes.length) this.grow(length);
  }

  /** Writes a short ASCII text behind a byte that is its length. `false`, writing nothing, for any other text. */
  shortText(value: string): boolean {
    const { length } = value;
    if (length > longestLoop) return this.asciiText(value);
    this.reserve(length + 1);
    const { bytes } = this;
    const start = this.position + 1;
    let bits = 0;
    let index = 0;
    for (const last = length - 3; index < last; index += 4) {
      const first = value.charCodeAt(index);
      const second = value.charCodeAt(index + 1);
      const third = value.charCodeAt(index + 2);
      const fourth = value.charCodeAt(index + 3);
      bits |= first | second | third | fourth;
      bytes[start + index] = first;
      bytes[start + index + 1] = second;
      bytes[start + index + 2] = third;
      bytes[start + index + 3] = fourth;
    }
    for (; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      bits |= unit;
      bytes[start + index] = unit;
    }
    if (bits >= 0x80) return false;
    bytes[start - 1] = length;
    this.position = start + length;
    return true;
  }

  /** The same for texts of up to 127 characters, by a call of Node that takes as long for all of them. */
  asciiText(value: string): boolean {
    const { length } = value;
    if (length > longestAsciiText) return false;
    this.reserve(3 * length + 1);
    const start = this.position + 1;
    // Any other character takes more than one byte.
    if (this.bytes.write(value, start, "utf8") !== length) return false;
    this.bytes[start - 1] = length;
    this.position = start + length;
    return true;
  }

  /** Writes a text as UTF-8, without its length. Throws `SessionError` `"invalid"` for a lone surrogate in wire form. */
  utf8(value: string): void {
    this.reserve(value.length * 3);
    if (!value.isWellFormed()) this.refuseSurrogate();
    this.position += this.bytes.write(value, this.position, "utf8");
  }

  /** Writes bytes as they are. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  /** Writes a number as eight bytes, the lowest first. */
  float64(value: number): void {
    this.reserve(8);
    this.position = this.bytes.writeDoubleLE(value, this.position);
  }

  /** The epoch milliseconds of a date in the form that is written; `undefined` for what is none. */
  epochOf(value: unknown): number | undefined {
    const time = this.isApp ? (value instanceof Date ? value.getTime() : undefined) : value;
    return Number.isSafeInteger(time) ? (time as number) : undefined;
  }

  /** The bytes that were written, which nobody writes to again. */
  finish(): Uint8Array {
    const written = this.bytes.subarray(this.start, this.position);
    if (this.bytes.length > slabSize) {
      this.bytes = noBytes;
      return Buffer.from(written);
    }
    slab = this.bytes;
    slabPosition = this.position;
    return written;
  }

  /** Positions stay what they are. */
  private grow(length: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.position + length));
    larger.set(this.bytes.subarray(this.start, this.position), this.start);
    this.bytes = larger;
  }

  private refuseSurrogate(): void {
    this.doubt();
    if (!this.isApp) throw new SessionError("invalid", "A text with a lone surrogate cannot be stored.");
  }
}

/** Up to here looking at each character takes less time than a call of Node, above all for parts of other texts. */
const longestLoop = 28;

const longestAsciiText = 127;
const slabSize = 8192;

const room = 1024;

const noBytes = Buffer.alloc(0);

/**
 * Records are written one behind the other into one piece of memory, as in Node's own pool. It belongs to the writer
 * that has it until that has finished.
 */
let slab: Buffer | undefined;
let slabPosition = 0;
