import { maxBigintBytes } from "../../record/limits.js";
import { decodeTagged } from "../../record/tagged.js";
import { fromTwosComplement, isShortest } from "../bigint-bytes.js";
import { readValue } from "./bincode-value.js";
import { ByteReader } from "./byte-reader.js";
import { damaged } from "./damaged.js";
import type { Enumeration, LiteralValue } from "./enumeration.js";
import { isLonger } from "./text-length.js";

/** Whether a value breaks the rules that the schema has for it; where it does, the whole check decides. */
export type Rule<Value> = (value: Value) => boolean;

/**
 * Reads bincode 2 in its standard configuration. Stricter than the crate, which also reads an integer in a longer form
 * than it needs: here every value has one form. Methods throw when the bytes are none, and doubt what breaks its rule.
 */
export class BincodeReader extends ByteReader {
  /** A `u64` of at most 53 bits: a length, or the index of a variant. */
  unsigned(): number {
    const first = this.bytes[this.position];
    if (first === undefined || first >= twoBytes) return this.wide(first);
    this.position += 1;
    return first;
  }

  /** An `i64` in zigzag form. Throws beyond what a number holds exactly. */
  integer(
    least: number = Number.NEGATIVE_INFINITY,
    most: number = Number.POSITIVE_INFINITY,
    breaks?: Rule<number>,
  ): number {
    const first = this.bytes[this.position] ?? eightBytes;
    let value: number;
    if (first < twoBytes) {
      this.position += 1;
      value = (first >>> 1) ^ -(first & 1);
    } else value = first === eightBytes ? this.widestInteger() : fromZigzag(this.unsigned());
    if (value < least || value > most || breaks?.(value)) this.doubt();
    return value;
  }

  /** An `f64`. */
  number(breaks?: Rule<number>): number {
    const value = this.float64();
    if (!Number.isFinite(value) || breaks?.(value)) this.doubt();
    return value;
  }

  /** One byte that is 0 or 1: a `bool`, or whether there is more of an `Option`. */
  boolean(): boolean {
    const byte = this.bytes[this.position++];
    if (byte !== 0 && byte !== 1) throw damaged("a byte that must be 0 or 1");
    return byte === 1;
  }

  string(longest: number = Number.POSITIVE_INFINITY, breaks?: Rule<string>): string {
    const length = this.unsigned();
    const start = this.position;
    const end = this.advance(length);
    const { bytes, latin } = this;
    let bits = 0;
    for (let index = start; index < end; index += 1) bits |= bytes[index] ?? 0;
    const isPart = bits < 0x80 && latin !== undefined;
    const value = isPart ? latin.substring(start, end) : this.wideText(start, end);
    // A text has no more characters than bytes.
    if ((length > longest && isLonger(value, longest)) || breaks?.(value)) this.doubt();
    return value;
  }

  /** Milliseconds as an `i64`. */
  date(breaks?: Rule<number>): Date | number {
    return this.toDate(this.integer(undefined, undefined, breaks));
  }

  /** A `Vec<u8>`. */
  data(breaks?: Rule<Uint8Array>): Uint8Array {
    const value = this.take(this.unsigned());
    if (breaks?.(value)) this.doubt();
    return value;
  }

  /** A `Vec<u8>` of two's complement. Throws for more bytes than it takes. */
  bigint(breaks?: Rule<bigint>): bigint {
    const bytes = this.data();
    if (bytes.length > maxBigintBytes + 1) throw damaged("a bigint that is too long");
    if (!isShortest(bytes)) throw damaged("a bigint in a longer form than it needs");
    const value = fromTwosComplement(bytes);
    if (breaks?.(value)) this.doubt();
    return value;
  }

  /** The value of a variant without fields. */
  variant<Value extends LiteralValue>({ values }: Enumeration<Value>): Value {
    const value = values[this.unsigned()];
    if (value === undefined) throw damaged("a variant that is unknown");
    return value;
  }

  /** A `Vec` of items that take at least so many bytes. */
  list<Item>(leastBytes: number, readItem: (reader: this) => Item, breaks?: Rule<readonly Item[]>): Item[] {
    const count = this.count(leastBytes);
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) {
      this.countValue();
      items.push(readItem(this));
    }
    if (breaks?.(items)) this.doubt();
    return items;
  }

  /** A map by text, as own members. Throws for a key that is there twice. */
  record<Item>(
    readItem: (reader: this) => Item,
    longestKey?: number,
    breaksKey?: Rule<string>,
  ): Readonly<Record<string, Item>> {
    const count = this.count(1);
    const members: Record<string, Item> = Object.create(null);
    for (let index = 0; index < count; index += 1) {
      this.countValue();
      const key = this.string(longestKey, breaksKey);
      if (key in members) throw damaged("a key of a map that is there twice");
      if (key === "__proto__") this.doubt();
      members[key] = readItem(this);
    }
    return this.isApp ? { ...members } : members;
  }

  /** What describes itself; `isTagged` as in `tagged.ts`. */
  any(isTagged: boolean): unknown {
    this.doubt();
    const value = readValue(this, this.maxDepth);
    return this.isApp ? decodeTagged(value, isTagged) : value;
  }

  /** Throws when there is more. */
  end(): void {
    if (this.position !== this.bytes.length) throw damaged("bytes after the end");
  }

  /** The length of a collection. Throws, before any item is read, when they cannot all be there. */
  private count(leastBytes: number): number {
    const count = this.unsigned();
    if (count * leastBytes > this.bytes.length - this.position) throw damaged("a length beyond the bytes");
    return count;
  }

  /** An integer of more than one byte. */
  private wide(first: number | undefined): number {
    const start = this.position + 1;
    if (first === twoBytes) {
      this.advance(3);
      return atLeast(this.two(start), twoBytes);
    }
    if (first === fourBytes) {
      this.advance(5);
      return atLeast(this.four(start), 2 ** 16);
    }
    if (first !== eightBytes) throw damaged("an integer that is none");
    this.advance(9);
    const value = this.four(start) + this.four(start + 4) * 2 ** 32;
    if (value > Number.MAX_SAFE_INTEGER) throw damaged("an integer beyond 53 bits");
    return atLeast(value, 2 ** 32);
  }

  /** The zigzag form of 53 bits and a sign has 54, which a number does not hold. */
  private widestInteger(): number {
    const start = this.position + 1;
    this.advance(9);
    const low = this.four(start);
    const high = atLeast(this.four(start + 4), 1);
    const half = high * 2 ** 31 + (low >>> 1);
    const value = (low & 1) === 0 ? half : -half - 1;
    if (!Number.isSafeInteger(value)) throw damaged("an integer beyond 53 bits");
    return value;
  }

  private two(start: number): number {
    return (this.bytes[start] ?? 0) | ((this.bytes[start + 1] ?? 0) << 8);
  }

  private four(start: number): number {
    return (this.two(start) | (this.two(start + 2) << 16)) >>> 0;
  }
}

/** What the first byte of an integer says of its length, when it is not the integer itself. */
const twoBytes = 251;
const fourBytes = 252;
const eightBytes = 253;

function fromZigzag(value: number): number {
  return (value & 1) === 0 ? value / 2 : -(value + 1) / 2;
}

function atLeast(value: number, least: number): number {
  if (value < least) throw damaged("an integer in a longer form than it needs");
  return value;
}
