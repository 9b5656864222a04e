import { isUtf8 } from "node:buffer";
import { damaged } from "./damaged.js";
import { mostValues } from "./limits.js";

/** How bytes are read. */
export interface ReadOptions {
  /** Values as the app holds them, with dates and defaults; else in wire form. */
  readonly isApp: boolean;
  /** Levels of values that describe themselves. */
  readonly maxDepth: number;
}

/** What every binary format reads with: a place in bytes that only moves forward. Throws when the bytes end too early. */
export class ByteReader {
  readonly bytes: Buffer;
  readonly isApp: boolean;
  readonly maxDepth: number;
  position = 0;
  /** Whether everything read so far keeps the rules of the shape; what is not sure is for the whole check to judge. */
  isSure = true;
  #values = 0;
  #latin: string | undefined;

  constructor(bytes: Uint8Array, { isApp, maxDepth }: ReadOptions) {
    this.bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isApp = isApp;
    this.maxDepth = maxDepth;
  }

  /** Notes that a value may not keep the rules of the shape. */
  doubt(): void {
    this.isSure = false;
  }

  /** Counts an object, list or other value that takes much more memory than bytes. */
  countValue(): void {
    this.#values += 1;
    if (this.#values > mostValues) throw damaged(`more than ${mostValues} values`);
  }

  /** So many bytes as text. Throws when they are not UTF-8. */
  text(length: number): string {
    const { bytes } = this;
    const start = this.position;
    const end = this.advance(length);
    let bits = 0;
    for (let index = start; index < end; index += 1) bits |= bytes[index] ?? 0;
    if (bits >= 0x80) return wideText(bytes, start, end);
    // One text of a small record, of which the others are parts, is much cheaper than a call for each.
    if (bytes.length > smallRecord) return bytes.toString("latin1", start, end);
    this.#latin ??= bytes.toString("latin1");
    return this.#latin.substring(start, end);
  }

  /** So many bytes, as a copy. */
  take(length: number): Uint8Array {
    this.countValue();
    const start = this.position;
    return new Uint8Array(this.bytes.subarray(start, this.advance(length)));
  }

  /** Eight bytes as a number, the lowest first. */
  float64(): number {
    const start = this.position;
    this.advance(8);
    return this.bytes.readDoubleLE(start);
  }

  /** Epoch milliseconds as a date of the form that is read. */
  toDate(milliseconds: number): Date | number {
    if (Math.abs(milliseconds) > latestDate) this.doubt();
    if (!this.isApp) return milliseconds;
    this.countValue();
    return new Date(milliseconds);
  }

  /** Goes over so many bytes; the new position. */
  advance(length: number): number {
    const end = this.position + length;
    if (end > this.bytes.length) throw damaged("the bytes end too early");
    this.position = end;
    return end;
  }
}

const smallRecord = 4096;
const latestDate = 8.64e15;

function wideText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  if (text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end)))
    throw damaged("a text that is not UTF-8");
  return text;
}
