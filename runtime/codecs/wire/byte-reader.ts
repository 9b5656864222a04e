import { Buffer, isUtf8 } from "node:buffer";
import type { DecodeLimits } from "../../types/codec.js";
import { damaged } from "./damaged.js";

/** What every binary format reads with: a place in bytes that only moves forward. Throws when the bytes end too early. */
export class ByteReader {
  bytes: Buffer = noBytes;
  /** Whether values are read as the app holds them, with dates and defaults; else in wire form. */
  isApp = false;
  maxDepth = 0;
  position = 0;
  /** Whether everything read so far keeps the rules of the shape; what is not sure is for the whole check to judge. */
  isSure = true;
  private valuesLeft = 0;
  /**
   * The bytes of a small record as one text, of which its ASCII texts are parts: much cheaper than a call for each, and
   * no large record lives on by a short text.
   */
  protected latin: string | undefined;

  constructor(bytes: Uint8Array, limits: DecodeLimits, isApp: boolean) {
    this.begin(bytes, limits, isApp);
  }

  /** Begins anew, with other bytes. */
  begin(bytes: Uint8Array, { maxDepth, maxValues }: DecodeLimits, isApp: boolean): void {
    this.bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.latin = bytes.length > smallRecord ? undefined : latinText(this.bytes);
    this.isApp = isApp;
    this.maxDepth = maxDepth;
    this.valuesLeft = maxValues;
    this.position = 0;
    this.isSure = true;
  }

  /** Lets go of the bytes. */
  release(): void {
    this.bytes = noBytes;
    this.latin = undefined;
  }

  /** Notes that a value may not keep the rules of the shape. */
  doubt(): void {
    this.isSure = false;
  }

  /** Counts an element of a list or a member of a map among the values that one record may hold. */
  countValue(): void {
    if (--this.valuesLeft < 0) throw damaged("too many values");
  }

  /** So many bytes as text. Throws when they are not UTF-8. */
  text(length: number): string {
    const start = this.position;
    return this.wideText(start, this.advance(length));
  }

  /** The text between two places. */
  protected wideText(start: number, end: number): string {
    const { bytes } = this;
    const text = bytes.toString("utf8", start, end);
    if (text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end)))
      throw damaged("a text that is not UTF-8");
    return text;
  }

  /** So many bytes, as a copy. */
  take(length: number): Uint8Array {
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
    return this.isApp ? new Date(milliseconds) : milliseconds;
  }

  /** Goes over so many bytes; the new position. */
  advance(length: number): number {
    const end = this.position + length;
    // A length below zero would lead back, and round and round.
    if (length < 0 || end > this.bytes.length) throw damaged("the bytes end too early");
    this.position = end;
    return end;
  }
}

const noBytes = Buffer.alloc(0);
const smallRecord = 4096;
const latestDate = 8.64e15;

/** What every Buffer of Node has, at a third of the time that `toString` takes to find it. */
interface LatinSlicing {
  latin1Slice(): string;
}

const latinText: (bytes: Buffer) => string = canSlice()
  ? (bytes) => (bytes as Buffer & LatinSlicing).latin1Slice()
  : (bytes) => bytes.toString("latin1");

/** Cloudflare's workers have it, too, but want to be told from where to where. */
function canSlice(): boolean {
  try {
    return (noBytes as Buffer & LatinSlicing).latin1Slice() === "";
  } catch {
    return false;
  }
}
