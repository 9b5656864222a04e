import { damaged } from "./damaged.js";
import { keptName, type Members } from "./message-fields.js";
import type { ProtobufReader } from "./protobuf-reader.js";

/** The tuple whose elements are the members of a message, named by their index; those behind them are `rest`. */
export function toTuple(reader: ProtobufReader, members: Members, count: number): unknown[] {
  const items: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    const item = members[index];
    if (item === undefined) throw damaged("a tuple without all its elements");
    items.push(item);
  }
  const { rest } = members;
  if (Array.isArray(rest)) for (const item of rest) items.push(item);
  const known = count + (rest === undefined ? 0 : 1);
  if (Reflect.ownKeys(members).length > known) {
    // More elements than this version knows of: an element too many is refused, and written back.
    reader.doubt();
    items.push({ [keptName]: members[keptName] });
  }
  return items;
}

/** The members that `toTuple` made a tuple of; `undefined` for what is no such tuple. */
export function toMembers(value: unknown, count: number, hasRest: boolean): Members | undefined {
  if (!Array.isArray(value)) return undefined;
  const members: Members = {};
  for (let index = 0; index < count; index += 1) members[index] = value[index];
  const others: readonly unknown[] = value.slice(count);
  // Where a rest may follow, it may hold anything, this name among the keys of a map too.
  const kept = hasRest ? undefined : keptIn(others);
  if (kept !== undefined) return { ...members, [keptName]: kept };
  if (value.length < count || (others.length > 0 && !hasRest)) return undefined;
  return others.length > 0 ? { ...members, rest: others } : members;
}

function keptIn([more, ...others]: readonly unknown[]): unknown {
  if (others.length > 0 || typeof more !== "object" || more === null) return undefined;
  return keptName in more ? more[keptName] : undefined;
}
