import { encodeTagged } from "../../record/tagged.js";
import { unknownMembers } from "../../record/wire.js";
import type { WireValue } from "../../types/shape.js";
import { writeAnyValue, writeEntry } from "./any-value.js";
import type { Entries, Item } from "./item.js";
import { keptBytes, keptWith } from "./kept-bytes.js";
import { companions, keptName, lengthTag, type Members, type MessageFields } from "./message-fields.js";
import { isBare, isForeign } from "./plain-object.js";
import { noTag, ProtobufScalarWriter } from "./protobuf-scalar-writer.js";

/** Writes the fields of a message; `false` for what is no object of members, of which nothing counts. */
export type WriteMessage = (writer: ProtobufWriter, members: Members) => boolean;

/** Writes the protobuf wire format. The methods for fields are as those of `ProtobufScalarWriter`. */
export class ProtobufWriter extends ProtobufScalarWriter {
  private source: ReturnType<typeof keptWith>;

  /** Begins with the fields of a session, which may have been read from bytes. */
  beginWith(fields: Members): void {
    this.source = this.isApp ? undefined : keptWith(fields);
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

  message(tag: number, value: unknown, write: WriteMessage): boolean {
    if (typeof value !== "object" || value === null) return false;
    const before = this.position;
    const start = this.open(tag);
    if (!write(this, value as Members)) {
      this.position = before;
      return false;
    }
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
      if (element === null && item.isNull !== true) {
        nulls ??= [];
        nulls.push(index);
      } else if (!item.write(this, isPacked ? noTag : tag, element)) {
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
    if (!this.isApp) {
      this.unknown(fields, members);
      return;
    }
    const unknown = (members as { readonly [unknownMembers]?: Members })[unknownMembers];
    if (unknown !== undefined) this.unknown(fields, unknown);
    if (fields.isStrict && !Object.keys(members).every((name) => fields.names.has(name))) this.doubt();
  }

  private unknown({ names, order }: MessageFields, members: Members): void {
    let next = 0;
    // Makes no list of names, as Object.keys would, for the members that are there in nearly every object.
    for (const name in members) {
      // Mostly in the order of the fields, some of which are absent.
      while (next < order.length && order[next] !== name) next += 1;
      next += 1;
      if (next <= order.length) continue;
      const value = members[name];
      if (names.has(name) || value === undefined || !Object.hasOwn(members, name)) continue;
      if (name === keptName && typeof value === "string") this.raw(Buffer.from(value, "base64"));
      else writeEntry(this, lengthTag(companions.others), name, value as WireValue);
    }
  }

  /** Copies the bytes of a field that has not changed since it was read. */
  kept(fields: MessageFields, number: number, value: unknown): boolean {
    const bytes = this.source && keptBytes(this.source, { fields, number, value });
    if (bytes === undefined) return false;
    this.raw(bytes);
    return true;
  }

  /** Whether something is an object of members. */
  isMembers(value: unknown): value is Members {
    return typeof value === "object" && value !== null && (isBare(value) || this.isDoubtful(value));
  }

  /** An object of a class or another realm is for the whole check to judge. */
  private isDoubtful(value: object): boolean {
    this.doubt();
    return isForeign(value);
  }
}
