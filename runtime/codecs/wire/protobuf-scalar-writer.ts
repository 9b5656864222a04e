import { SessionError } from "../../platform/errors.js";
import { toTwosComplement } from "../bigint-bytes.js";
import { ByteWriter } from "./byte-writer.js";
import { type Enumeration, unknownCode } from "./enumeration.js";
import { companions, lengthTag } from "./message-fields.js";

/** Instead of a tag, for the elements of a packed list. */
export const noTag = 0;

/**
 * Writes the parts of the protobuf wire format that hold no others, and begins and ends messages. The methods for
 * fields take a tag, which is the number and wire type of a field; when the value is of another type they write
 * nothing and give `false`. Without a tag they write the value alone.
 */
export class ProtobufScalarWriter extends ByteWriter {
  /** `int64` without a tag. */
  integer(value: number): void {
    this.reserve(10);
    const { bytes } = this;
    if (value >= 0 && value < 0x80) bytes[this.position++] = value;
    else if (value >= 0 && value < 0x4000) {
      bytes[this.position++] = value | 0x80;
      bytes[this.position++] = value >>> 7;
    } else this.longInteger(value);
  }

  string(tag: number, value: unknown): value is string {
    if (typeof value !== "string") return false;
    this.integer(tag);
    if (this.shortText(value)) return true;
    this.integer(Buffer.byteLength(value));
    this.utf8(value);
    return true;
  }

  whole(tag: number, value: unknown): value is number {
    if (!Number.isSafeInteger(value)) return false;
    const whole = value as number;
    if (tag >= 0x80 || whole < 0 || whole >= 0x4000) return this.longWhole(tag, whole);
    this.reserve(3);
    const { bytes } = this;
    let { position } = this;
    if (tag !== noTag) bytes[position++] = tag;
    if (whole < 0x80) bytes[position++] = whole;
    else {
      bytes[position++] = whole | 0x80;
      bytes[position++] = whole >>> 7;
    }
    this.position = position;
    return true;
  }

  private longWhole(tag: number, value: number): true {
    if (tag !== noTag) this.integer(tag);
    this.integer(value);
    return true;
  }

  number(tag: number, value: unknown): value is number {
    if (!Number.isFinite(value)) return false;
    if (tag !== noTag) this.integer(tag);
    this.float64(value as number);
    return true;
  }

  boolean(tag: number, value: unknown): value is boolean {
    return typeof value === "boolean" && this.whole(tag, value ? 1 : 0);
  }

  date(tag: number, value: unknown): value is Date | number {
    return this.whole(tag, this.epochOf(value));
  }

  bigint(tag: number, value: unknown): value is bigint {
    return typeof value === "bigint" && this.data(tag, toTwosComplement(value));
  }

  data(tag: number, value: unknown): value is Uint8Array {
    if (!(value instanceof Uint8Array)) return false;
    if (tag !== noTag) this.integer(tag);
    this.integer(value.length);
    this.raw(value);
    return true;
  }

  literal(tag: number, value: unknown, { codes, former }: Enumeration): boolean {
    const code = codes.get(value);
    if (code !== undefined || this.isApp) return this.whole(tag, code);
    return this.whole(tag, former.codes.get(value) ?? unknownCode(value));
  }

  /** `repeated int32`. */
  numbers(number: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const start = this.open(lengthTag(number));
    for (const value of values) this.integer(value);
    this.close(start);
  }

  /** Where a list or map holds null. */
  nullItems(field: number, positions: readonly number[], keys: readonly string[]): void {
    const start = this.open(lengthTag(companions.nullItems));
    this.whole(8, field);
    this.numbers(2, positions);
    for (const key of keys) this.string(26, key);
    this.close(start);
  }

  /** Begins a message: its tag, and room for a length of one byte. */
  open(tag: number): number {
    this.reserve(11);
    if (tag < 0x80) this.bytes[this.position++] = tag;
    else this.integer(tag);
    this.position += 1;
    return this.position;
  }

  /** Ends the message that began at this position. */
  close(start: number): void {
    const length = this.position - start;
    if (length < 0x80) {
      this.bytes[start - 1] = length;
      return;
    }
    let more = 0;
    for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) more += 1;
    this.reserve(more);
    this.bytes.copyWithin(start + more, start, this.position);
    this.position = start - 1;
    this.integer(length);
    this.position += length;
  }

  /** Ends in an error: a value that no format can hold. */
  refuse(): void {
    this.doubt();
    if (!this.isApp) throw new SessionError("invalid", "A value of no type that can be stored.");
  }

  private longInteger(value: number): void {
    const { bytes } = this;
    if (value < 0) {
      for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
        if (rest < 0x80n) {
          bytes[this.position++] = Number(rest);
          return;
        }
        bytes[this.position++] = Number(rest & 0x7fn) | 0x80;
      }
    }
    let { position } = this;
    // No remainder of a division, which V8 asks a function of C for.
    const high = Math.floor(value / 2 ** 28);
    let low = (value - high * 2 ** 28) | 0;
    if (high > 0) {
      for (let shift = 0; shift < 28; shift += 7) bytes[position++] = (low >>> shift) | 0x80;
      low = high;
    }
    for (; low >= 0x80; low >>>= 7) bytes[position++] = low | 0x80;
    bytes[position] = low;
    this.position = position + 1;
  }
}
