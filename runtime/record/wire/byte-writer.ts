import { SessionError } from "../../session-error.js";

/** What every binary format writes with: bytes that grow. Methods move `position` over what they wrote. */
export class ByteWriter {
  /** Whether the values are as the app holds them, with dates; else in wire form. */
  readonly isApp: boolean;
  bytes: Buffer;
  position: number;
  /** Whether everything written so far keeps the rules of the shape; what is not sure is for the whole check to judge. */
  isSure = true;
  private readonly start: number;

  constructor(isApp: boolean) {
    this.isApp = isApp;
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
    if (length > longestShortText) return false;
    this.reserve(length + 1);
    const { bytes } = this;
    const start = this.position + 1;
    let bits = 0;
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      bits |= unit;
      bytes[start + index] = unit;
    }
    if (bits >= 0x80) return false;
    bytes[start - 1] = length;
    this.position = start + length;
    return true;
  }

  /** Writes a text of ASCII characters, at most 255, behind a byte that is its length. */
  ascii(value: string): void {
    const { length } = value;
    this.reserve(length + 1);
    this.bytes[this.position] = length;
    this.bytes.write(value, this.position + 1, "latin1");
    this.position += length + 1;
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
    if (this.bytes.length > slabSize) return Buffer.from(written);
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

const longestShortText = 64;
const slabSize = 8192;

const room = 1024;

/**
 * Records are written one behind the other into one piece of memory, as in Node's own pool. It belongs to the writer
 * that has it until that has finished.
 */
let slab: Buffer | undefined;
let slabPosition = 0;
