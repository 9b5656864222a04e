import { SessionError } from "../../session-error.js";
import type { WireValue } from "../shape.js";
import { encodeTagged } from "../tagged.js";
import { unknownMembers } from "../wire.js";
import { writeAnyValue, writeEntry } from "./any-value.js";
import { bigintToBytes } from "./bigint-bytes.js";
import { ByteWriter } from "./byte-writer.js";
import { type Enumeration, unknownCode } from "./enumeration.js";
import type { Entries, Item } from "./item.js";
import { keptBytes } from "./kept-bytes.js";
import { companions, keptName, lengthTag, type Members, type MessageFields } from "./message-fields.js";

/** Instead of a tag, for the elements of a packed list. */
const noTag = 0;
const longestShortText = 64;

/**
 * Writes the protobuf wire format. The methods for fields take a tag, which is the number and wire type of a field;
 * when the value is of another type they write nothing and give `false`. Without a tag they write the value alone.
 */
export class ProtobufWriter extends ByteWriter {
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
    const { length } = value;
    if (length > longestShortText || tag >= 0x80) return this.longString(tag, value);
    this.reserve(length + 2);
    const { bytes } = this;
    const start = this.position + 2;
    let bits = 0;
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      bits |= unit;
      bytes[start + index] = unit;
    }
    if (bits >= 0x80) return this.longString(tag, value);
    bytes[start - 2] = tag;
    bytes[start - 1] = length;
    this.position = start + length;
    return true;
  }

  private longString(tag: number, value: string): true {
    this.integer(tag);
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
    if (typeof value !== "boolean") return false;
    if (tag !== noTag) this.integer(tag);
    this.integer(value ? 1 : 0);
    return true;
  }

  date(tag: number, value: unknown): value is Date | number {
    return this.whole(tag, this.epochOf(value));
  }

  bigint(tag: number, value: unknown): value is bigint {
    return typeof value === "bigint" && this.data(tag, bigintToBytes(value));
  }

  data(tag: number, value: unknown): value is Uint8Array {
    if (!(value instanceof Uint8Array)) return false;
    this.countValue();
    if (tag !== noTag) this.integer(tag);
    this.integer(value.length);
    this.raw(value);
    return true;
  }

  literal(tag: number, value: unknown, { codes }: Enumeration): boolean {
    const code = codes.get(value) ?? (this.isApp ? undefined : unknownCode(value));
    return this.whole(tag, code);
  }

  /** What describes itself: any value; `isTagged` as in `tagged.ts`. */
  any(tag: number, value: unknown, isTagged: boolean): boolean {
    if (value === undefined) return false;
    this.doubt();
    const start = this.open(tag);
    writeAnyValue(this, this.isApp ? encodeTagged(value, "A field", isTagged) : (value as WireValue));
    this.close(start);
    return true;
  }

  message(tag: number, value: unknown, write: (writer: ProtobufWriter, members: Members) => void): boolean {
    if (!this.isMembers(value)) return false;
    const start = this.open(tag);
    write(this, value);
    this.close(start);
    return true;
  }

  list(tag: number, value: unknown, item: Item): value is readonly unknown[] {
    if (!Array.isArray(value)) return false;
    if (value.length === 0) this.numbers(companions.emptyFields, [tag >>> 3]);
    return this.items(tag, value, item);
  }

  /** The elements of a list, of which an empty one leaves no trace. */
  private items(tag: number, value: readonly unknown[], item: Item): boolean {
    const start = this.position;
    const isPacked = item.wireType === 0;
    const inner = isPacked ? this.open(tag) : 0;
    let nulls: number[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const element = value[index];
      if (element === null && item.isNull !== true) (nulls ??= []).push(index);
      else if (!item.write(this, isPacked ? noTag : tag, element)) {
        this.position = start;
        return false;
      }
    }
    if (isPacked && this.position === inner) this.position = start;
    else if (isPacked) this.close(inner);
    if (nulls === undefined) return true;
    this.nullItems(tag >>> 3, nulls, []);
    if (item.isNullable !== true) this.doubt();
    return true;
  }

  record(tag: number, value: unknown, { value: item, isKey }: Entries): value is Members {
    if (!this.isMembers(value)) return false;
    const start = this.position;
    const nulls: string[] = [];
    const names = Object.keys(value);
    if (names.length === 0) this.numbers(companions.emptyFields, [tag >>> 3]);
    for (const name of names) {
      const member = value[name];
      if (name === "__proto__" || isKey?.(name) === false) this.doubt();
      if (member === null && item.isNull !== true) nulls.push(name);
      else if (member !== undefined && !this.entry(tag, name, member, item)) {
        this.position = start;
        return false;
      }
    }
    if (nulls.length > 0) this.nullItems(tag >>> 3, [], nulls);
    if (nulls.length > 0 && item.isNullable !== true) this.doubt();
    return true;
  }

  private entry(tag: number, name: string, member: unknown, item: Item): boolean {
    const entry = this.open(tag);
    this.string(10, name);
    if (!item.write(this, 16 | item.wireType, member)) return false;
    this.close(entry);
    return true;
  }

  /** Writes what no method for the field's type has taken: nothing, null, or a value of another type under its name. */
  otherwise(fields: MessageFields, number: number, value: unknown): void {
    const field = fields.byNumber[number];
    if (field === undefined) return;
    if (value === undefined) {
      if (field.isRequired || (this.isApp && field.hasDefault)) this.doubt();
    } else if (value === null) {
      if (!field.isNullable) this.doubt();
      this.numbers(companions.nullFields, [number]);
    } else {
      this.doubt();
      if (!this.isApp) writeEntry(this, lengthTag(companions.others), field.name, value as WireValue);
    }
  }

  /** Writes the members that are no fields of their message. */
  others(fields: MessageFields, members: Members): void {
    if (!this.isApp) return this.unknown(fields, members);
    const unknown = (members as { readonly [unknownMembers]?: Members })[unknownMembers];
    if (unknown !== undefined) this.unknown(fields, unknown);
    if (fields.isStrict && !Object.keys(members).every((name) => fields.names.has(name))) this.doubt();
  }

  private unknown({ names }: MessageFields, members: Members): void {
    for (const name of Object.keys(members)) {
      const value = members[name];
      if (names.has(name) || value === undefined) continue;
      if (name === keptName && typeof value === "string") this.raw(Buffer.from(value, "base64"));
      else writeEntry(this, lengthTag(companions.others), name, value as WireValue);
    }
  }

  /** Copies the bytes of a field that has not changed since it was read. */
  kept(number: number, value: unknown): boolean {
    const bytes = this.isApp ? undefined : keptBytes(number, value);
    if (bytes === undefined) return false;
    this.raw(bytes);
    return true;
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
    this.countValue();
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
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[this.position++] = (rest % 0x80) | 0x80;
    bytes[this.position++] = rest;
  }

  private isMembers(value: unknown): value is Members {
    if (typeof value !== "object" || value === null) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return true;
    // Of another realm or of a class: for the whole check to judge.
    this.doubt();
    return Object.prototype.toString.call(value) === "[object Object]";
  }
}
