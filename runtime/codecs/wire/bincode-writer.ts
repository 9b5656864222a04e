import { SessionError } from "../../platform/errors.js";
import { encodeTagged } from "../../record/tagged.js";
import { toTwosComplement } from "../bigint-bytes.js";
import type { Rule } from "./bincode-reader.js";
import { writeValue } from "./bincode-value.js";
import { ByteWriter } from "./byte-writer.js";
import type { Enumeration } from "./enumeration.js";
import { isBare, isForeign } from "./plain-object.js";
import { isLonger } from "./text-length.js";

/** Writes one item of a list, or one value of a map. */
type WriteItem<Writer> = (writer: Writer, item: unknown) => void;

/** Writes bincode 2 in its standard configuration. Methods refuse what is of another type, and doubt what breaks its rule. */
export class BincodeWriter extends ByteWriter {
  private isRefused = false;

  /** A value has no form here. Throws `SessionError` `"invalid"` in wire form; in the app's form `finish` does. */
  refuse(): void {
    this.doubt();
    this.isRefused = true;
    if (!this.isApp) throw notStorable();
  }

  override finish(): Uint8Array {
    if (this.isRefused) throw notStorable();
    return super.finish();
  }

  /** A length, or the index of a variant: a safe integer that is not negative. */
  unsigned(value: number): void {
    if (value > 250) {
      this.wide(value, Math.floor(value / 2 ** 32));
      return;
    }
    this.byte(value);
  }

  /** An `i64` in zigzag form. */
  integer(
    value: unknown,
    least: number = Number.NEGATIVE_INFINITY,
    most: number = Number.POSITIVE_INFINITY,
    breaks?: Rule<number>,
  ): void {
    if (!isSafeInteger(value)) {
      this.refuse();
      return;
    }
    if (value < least || value > most || breaks?.(value)) this.doubt();
    // Zigzag of 0 to 125 is one byte.
    if (value >= 0 && value <= 125) {
      this.byte(value * 2);
      return;
    }
    const half = value < 0 ? -(value + 1) : value;
    const sign = value < 0 ? 1 : 0;
    if (half < 2 ** 31) this.unsigned(half * 2 + sign);
    else this.wide((half % 2 ** 31) * 2 + sign, Math.floor(half / 2 ** 31));
  }

  /** An `f64`. */
  number(value: unknown, breaks?: Rule<number>): void {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.refuse();
      return;
    }
    if (breaks?.(value)) this.doubt();
    this.float64(value);
  }

  boolean(value: unknown): void {
    if (typeof value === "boolean") this.byte(value ? 1 : 0);
    else this.refuse();
  }

  /** The tag of an `Option`, which tells whether a value follows: the answer. */
  option(isSome: boolean): boolean {
    this.byte(isSome ? 1 : 0);
    return isSome;
  }

  string(value: unknown, longest: number = Number.POSITIVE_INFINITY, breaks?: Rule<string>): void {
    if (typeof value !== "string") {
      this.refuse();
      return;
    }
    if (isLonger(value, longest) || breaks?.(value)) this.doubt();
    if (this.shortText(value)) return;
    this.unsigned(Buffer.byteLength(value, "utf8"));
    this.utf8(value);
  }

  /** Milliseconds as an `i64`. */
  date(value: unknown, breaks?: Rule<number>): void {
    const time = this.epochOf(value);
    if (time === undefined || Math.abs(time) > 8.64e15) this.refuse();
    else this.integer(time, undefined, undefined, breaks);
  }

  /** A `Vec<u8>`. */
  data(value: unknown, breaks?: Rule<Uint8Array>): void {
    if (!(value instanceof Uint8Array)) {
      this.refuse();
      return;
    }
    if (breaks?.(value)) this.doubt();
    this.unsigned(value.length);
    this.raw(value);
  }

  /** A `Vec<u8>` of two's complement. */
  bigint(value: unknown, breaks?: Rule<bigint>): void {
    if (typeof value !== "bigint") {
      this.refuse();
      return;
    }
    if (breaks?.(value)) this.doubt();
    this.data(toTwosComplement(value));
  }

  /** The index of a variant without fields. */
  variant(value: unknown, { values }: Enumeration): void {
    const index = (values as readonly unknown[]).indexOf(value);
    if (index < 0) this.refuse();
    else this.unsigned(index);
  }

  /** A `Vec`. */
  list(value: unknown, writeItem: WriteItem<this>, breaks?: Rule<readonly unknown[]>): void {
    if (!Array.isArray(value)) {
      this.refuse();
      return;
    }
    if (breaks?.(value)) this.doubt();
    this.unsigned(value.length);
    for (let index = 0; index < value.length; index += 1) writeItem(this, value[index]);
  }

  /** A map by text. */
  record(value: unknown, writeItem: WriteItem<this>, longestKey?: number, breaksKey?: Rule<string>): void {
    if (!isPlain(value)) {
      this.refuse();
      return;
    }
    const keys = Object.keys(value);
    this.unsigned(keys.length);
    for (const key of keys) {
      if (key === "__proto__") this.doubt();
      this.string(key, longestKey, breaksKey);
      writeItem(this, value[key]);
    }
  }

  /** The tag of an `Option` of what has a default, and so is never absent from what the app holds. */
  defaulted(isSome: boolean): boolean {
    if (!isSome && this.isApp) this.doubt();
    return this.option(isSome);
  }

  /** Whether a value is an object; refuses it when it is none. */
  isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    if (typeof value === "object" && value !== null) return true;
    this.refuse();
    return false;
  }

  /** Whether an object is one of members, and in the app's form of no others than `known`; refuses it when it is not. */
  isStruct(value: object, known?: readonly string[]): boolean {
    const isPlain = isBare(value) || isForeign(value);
    if (!isPlain) this.refuse();
    else if (this.isApp && known !== undefined && !hasOnly(value, known)) this.doubt();
    return isPlain;
  }

  /** The items of a tuple; refuses what has another number of them. */
  items(value: unknown, count: number, hasMore: boolean): readonly unknown[] {
    const isFitting = Array.isArray(value) && (hasMore ? value.length >= count : value.length === count);
    if (!isFitting) this.refuse();
    return isFitting ? value : [];
  }

  /** What describes itself; `isTagged` as in `tagged.ts`. */
  any(value: unknown, isTagged: boolean): void {
    this.doubt();
    writeValue(this, this.isApp ? encodeTagged(value, "A value", isTagged) : value);
  }

  private byte(value: number): void {
    const { position } = this;
    if (position === this.bytes.length) this.reserve(1);
    this.bytes[position] = value;
    this.position = position + 1;
  }

  /** An integer above 250: its lowest 32 bits, and those above. */
  private wide(low: number, high: number): void {
    this.reserve(9);
    if (high > 0) {
      this.mark(253);
      this.four(low);
      this.four(high);
    } else if (low > 0xffff) {
      this.mark(252);
      this.four(low);
    } else {
      this.mark(251);
      this.two(low);
    }
  }

  private mark(byte: number): void {
    this.bytes[this.position++] = byte;
  }

  private two(value: number): void {
    this.bytes[this.position++] = value;
    this.bytes[this.position++] = value >>> 8;
  }

  private four(value: number): void {
    this.two(value);
    this.two(value >>> 16);
  }
}

function isSafeInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && (isBare(value) || isForeign(value));
}

function hasOnly(value: object, known: readonly string[]): boolean {
  return Object.keys(value).every((name) => known.includes(name));
}

function notStorable(): SessionError {
  return new SessionError("invalid", "A value of the session has a type that cannot be stored.");
}
