import { maxBigintBytes } from "../../record/limits.js";
import { decodeTagged } from "../../record/tagged.js";
import { fromTwosComplement } from "../bigint-bytes.js";
import { readAnyValue } from "./any-value.js";
import { ByteReader } from "./byte-reader.js";
import { damaged } from "./damaged.js";
import type { Enumeration, LiteralValue, UnknownLiteral } from "./enumeration.js";
import type { Entries, Item } from "./item.js";
import { RunList } from "./kept-bytes.js";
import { type Members, type MessageFields, setMember } from "./message-fields.js";

/** Reads the protobuf wire format strictly: what a field's type does not allow throws. */
export class ProtobufReader extends ByteReader {
  readonly runs: RunList = new RunList();

  /** The number and wire type of the next field. */
  tag(): number {
    const byte = this.bytes[this.position] ?? 0x80;
    if (byte < 0x80 && byte >= 8) {
      this.position += 1;
      return byte;
    }
    const tag = this.integer();
    if (tag < 8 || tag > 0xffffffff) throw damaged("a field without a number");
    return tag;
  }

  /** Whether another element of a list follows at once, in the message that ends at `end`; goes over its tag. */
  continues(tag: number, end: number): boolean {
    const start = this.position;
    if (start >= end) return false;
    if (tag < 0x80) {
      // One in more bytes than it needs begins another run, which is added to this one.
      if (this.bytes[start] !== tag) return false;
      this.position = start + 1;
      return true;
    }
    if (this.integer() === tag) return true;
    this.position = start;
    return false;
  }

  /** Where the message that starts here ends. */
  messageEnd(): number {
    const length = this.integer();
    const end = length + this.position;
    if (length < 0 || end > this.bytes.length) throw damaged("the bytes end too early");
    return end;
  }

  /** Throws unless a message was read to its end and no further. */
  finishAt(end: number): void {
    if (this.position !== end) throw damaged("a message that does not end where it should");
  }

  /** Throws when a field that is no list came before. */
  once(value: unknown): void {
    if (value !== undefined) throw damaged("a field that is there twice");
  }

  /** `int64`, as far as JavaScript counts exactly. */
  integer(): number {
    const byte = this.bytes[this.position] ?? 0x80;
    if (byte >= 0x80) return this.longInteger();
    this.position += 1;
    return byte;
  }

  /** An integer field; one that was a number when it was written may hold a fraction. */
  whole(tag: number): number {
    if ((tag & 7) === 0) return this.integer();
    const value = this.float64();
    if (!Number.isSafeInteger(value)) this.doubt();
    return value;
  }

  /** A number field, which was an integer when it was written when its wire type says so. */
  number(tag: number): number {
    if ((tag & 7) === 0) return this.integer();
    const value = this.float64();
    if (!Number.isFinite(value)) this.doubt();
    return value;
  }

  boolean(): boolean {
    const value = this.integer();
    if (value !== 0 && value !== 1) throw damaged("a boolean that is none");
    return value === 1;
  }

  string(): string {
    const { bytes, latin } = this;
    const length = bytes[this.position] ?? 0x80;
    const start = this.position + 1;
    const end = start + length;
    if (length >= 0x80 || latin === undefined || end > bytes.length) return this.text(this.integer());
    let bits = 0;
    let index = start;
    // In fours, which is a tenth quicker for the whole session.
    for (const last = end - 3; index < last; index += 4)
      bits |=
        (bytes[index] as number) |
        (bytes[index + 1] as number) |
        (bytes[index + 2] as number) |
        (bytes[index + 3] as number);
    for (; index < end; index += 1) bits |= bytes[index] as number;
    this.position = end;
    return bits < 0x80 ? latin.substring(start, end) : this.wideText(start, end);
  }

  date(): Date | number {
    return this.toDate(this.integer());
  }

  data(): Uint8Array {
    return this.take(this.integer());
  }

  bigint(): bigint {
    const length = this.integer();
    // One more for the sign.
    if (length > maxBigintBytes + 1) throw damaged("a bigint that is too long");
    return fromTwosComplement(this.take(length));
  }

  literal<Value extends LiteralValue>({ values, former }: Enumeration<Value>): LiteralValue | UnknownLiteral {
    const code = this.integer();
    const value = values[code];
    if (value !== undefined) return value;
    this.doubt();
    return former.values[code] ?? { $code: code };
  }

  /** What describes itself; `isTagged` as in `tagged.ts`. */
  any(isTagged: boolean): unknown {
    this.doubt();
    const value = readAnyValue(this, this.messageEnd(), this.maxDepth);
    return this.isApp ? decodeTagged(value, isTagged) : value;
  }

  /** The value of a field that was read from `start` on, its tag included, and is copied as long as it does not change. */
  kept<Value extends object>(
    fields: MessageFields,
    number: number,
    start: number,
    before: unknown,
    value: Value,
  ): Value {
    if (this.isApp) return value;
    if (before !== undefined) this.runs.remove(value);
    else this.runs.add({ fields, number, value, start, end: this.position });
    return value;
  }

  /** The list with the elements that follow. */
  list(before: unknown[] | undefined, tag: number, end: number, item: Item): unknown[] {
    const items = before ?? [];
    const wireType = tag & 7;
    if (wireType === 2 && item.wireType !== 2) {
      const last = this.messageEnd();
      while (this.position < last) {
        this.countValue();
        items.push(item.read(this, 0));
      }
      this.finishAt(last);
      return items;
    }
    if (wireType !== item.wireType && !item.wireTypes.includes(wireType))
      throw damaged("a list of another type");
    do {
      this.countValue();
      items.push(item.read(this, wireType));
    } while (this.continues(tag, end));
    return items;
  }

  /** The record with the entries that follow. */
  record(before: Members | undefined, tag: number, end: number, { value, isKey }: Entries): Members {
    const members = before ?? {};
    do {
      this.countValue();
      const last = this.messageEnd();
      let key: string | undefined;
      let member: unknown;
      while (this.position < last) {
        const part = this.tag();
        if (part === 10) {
          this.once(key);
          key = this.string();
        } else if (part >>> 3 === 2 && value.wireTypes.includes(part & 7)) {
          this.once(member);
          member = value.read(this, part & 7);
        } else throw damaged("an entry of a map with something else in it");
      }
      this.finishAt(last);
      key ??= "";
      if (member === undefined) throw damaged("an entry of a map without its value");
      if (Object.hasOwn(members, key)) throw damaged("a key of a map that is there twice");
      if (key === "__proto__" || isKey?.(key) === false) this.doubt();
      setMember(members, key, member);
    } while (this.continues(tag, end));
    return members;
  }

  private longInteger(): number {
    const { bytes } = this;
    const second = bytes[this.position + 1] ?? 0x80;
    // Most that are long are not longer.
    if (second < 0x80) {
      this.position += 2;
      return ((bytes[this.position - 2] ?? 0) & 0x7f) | (second << 7);
    }
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[this.position++];
      if (byte === undefined) throw damaged("the bytes end too early");
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let middle = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[this.position++];
      if (byte === undefined) throw damaged("the bytes end too early");
      middle |= (byte & 0x7f) << shift;
      if (byte < 0x80) return exactly(low + middle * 2 ** 28);
    }
    return this.longestInteger(low, middle);
  }

  /** The last eight of 64 bits: zeros or ones, by the sign, in what JavaScript counts exactly. */
  private longestInteger(low: number, middle: number): number {
    const ninth = this.bytes[this.position++];
    const tenth = ninth === undefined || ninth < 0x80 ? 0 : this.bytes[this.position++];
    if (ninth === undefined || tenth === undefined) throw damaged("the bytes end too early");
    if (tenth > 1) throw damaged("an integer of more than 64 bits");
    const high = (ninth & 0x7f) | (tenth << 7);
    if (high === 0) return exactly(low + middle * 2 ** 28);
    if (high !== 0xff) throw damaged("an integer beyond 2^53");
    const magnitude = (~low & 0xfffffff) + (~middle & 0xfffffff) * 2 ** 28;
    return exactly(-magnitude - 1);
  }
}

function exactly(value: number): number {
  if (!Number.isSafeInteger(value)) throw damaged("an integer beyond 2^53");
  return value;
}
