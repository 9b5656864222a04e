import { customInspect } from "../platform/built-ins.js";
import { SessionError } from "../platform/errors.js";
import { copyData, toPlainJson } from "../record/copy-data.js";
import type { Field } from "../record/fields.js";
import { findState, Guarded } from "./guarded.js";
import type { SessionState } from "./session-state.js";

/** A field name of a session's data. */
export type FieldName<Data> = keyof Data & string;

/** Changes to a session's data: any of its fields; `undefined` removes one, or returns it to its default. */
export type PatchOf<Data> = { [Name in keyof Data]?: Data[Name] | undefined };

/** What tells a session class by its data: little of it, since the compiler compares each member for each field. */
export interface SessionOf<Data> {
  toObject(): Data;
  update(patch: PatchOf<Data>): void;
}

/** The data of a session class. */
export type DataOf<S> = S extends { toObject(): infer Data } ? Data : never;

/** The fields of a session as a dictionary, typed by its data. Everything here happens in memory. */
export class SessionDictionary<Data extends object> extends Guarded {
  static {
    // What `console.log` shows: as `toJSON`.
    Object.defineProperty(SessionDictionary.prototype, customInspect, { value: inspectSession });
  }

  /** The value of a field, or its default. A change inside an object or array is noticed. */
  get<Name extends FieldName<Data>>(name: Name): Data[Name] {
    return readField(this, name);
  }

  /** Assigns a field; `undefined` removes it. An equal value is no change. */
  set<Name extends FieldName<Data>>(name: Name, value: Data[Name] | undefined): void {
    writeField(this, name, value);
  }

  /** Whether the field was set; a default does not count. */
  has(name: string): boolean {
    const state = stateOf(this);
    state.isAccessed = true;
    const field = state.context.fields.find(name);
    return field !== undefined && state.values.has(field);
  }

  /** Removes a field, or returns it to its default. `false` when it was not set. */
  delete(name: FieldName<Data>): boolean {
    const wasSet = this.has(name);
    if (wasSet) this.set(name, undefined);
    return wasSet;
  }

  /** Removes a field and gives its value; `undefined` when it was not set. */
  pop<Name extends FieldName<Data>>(name: Name): Data[Name] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.get(name);
    this.set(name, undefined);
    return value;
  }

  /** The field's value when it was set, else the given one, which is assigned. */
  setDefault<Name extends FieldName<Data>>(
    name: Name,
    value: Exclude<Data[Name], undefined>,
  ): Exclude<Data[Name], undefined>;
  setDefault<Name extends FieldName<Data>>(name: Name, value: Exclude<Data[Name], undefined>): Data[Name] {
    if (!this.has(name)) this.set(name, value);
    return this.get(name);
  }

  /** Assigns several fields, or none where one is no field; a member that is `undefined` removes its field. */
  update(patch: PatchOf<Data>): void {
    const changes = Object.entries(patch) as [FieldName<Data>, Data[FieldName<Data>]][];
    for (const [name] of changes) requireField(stateOf(this), name);
    for (const [name, value] of changes) this.set(name, value);
  }

  /** The names of the fields that were set, in the order of the schema. */
  keys(): FieldName<Data>[] {
    const state = stateOf(this);
    state.isAccessed = true;
    return state.values.names() as FieldName<Data>[];
  }

  /** The values of the fields that were set. */
  values(): Data[FieldName<Data>][] {
    return this.keys().map((name) => this.get(name));
  }

  /** Names and values of the fields that were set. */
  entries(): { [Name in FieldName<Data>]: [Name, Data[Name]] }[FieldName<Data>][] {
    return this.keys().map((name) => [name, this.get(name)]);
  }

  [Symbol.iterator](): IterableIterator<{ [Name in FieldName<Data>]: [Name, Data[Name]] }[FieldName<Data>]> {
    return this.entries().values();
  }

  /** Removes every field. The session and its key stay. */
  clear(): void {
    for (const name of this.keys()) this.set(name, undefined);
  }

  /** A deep copy of the data, defaults filled in. */
  toObject(): Data {
    const state = stateOf(this);
    state.isAccessed = true;
    return copyData(state) as Data;
  }

  /** The data as JSON values, without redacted fields and the key: a bigint as text, bytes as base64, a date as ISO 8601. */
  toJSON(): Record<string, unknown> {
    const state = stateOf(this);
    state.isAccessed = true;
    return toPlainJson(copyData(state), state.context.fields);
  }
}

/**
 * The value of a field, as `session.get` gives it: what a generated accessor returns, whose type it takes. It costs the
 * compiler a third of what the typed method does. Throws `SessionError` `"invalid"` for what is no field.
 */
export function readField<Value>(session: object, name: string): Value {
  const state = stateOf(session);
  state.isAccessed = true;
  return state.values.read(requireField(state, name)) as Value;
}

/** Assigns a field, as `session.set` does: what a generated accessor calls. Throws as `readField`, and `"gone"` after the end. */
export function writeField(session: object, name: string, value: unknown): void {
  const state = stateOf(session);
  state.isAccessed = true;
  state.values.write(requireField(requireOpen(state), name), value);
}

function inspectSession(this: object, _depth: number, options: object, inspect?: Inspect): string {
  const state = findState(this);
  // What stands behind the proxy, which `showProxy` asks for, shows nothing of it.
  if (state === undefined) return this.constructor.name;
  const shown = toPlainJson(copyData(state), state.context.fields);
  return `${this.constructor.name} ${inspect ? inspect(shown, options) : JSON.stringify(shown)}`;
}

type Inspect = (value: unknown, options: object) => string;

/** The state behind a session, for the rooms that act on it. Throws `TypeError` for anything else. */
export function stateOf(session: object): SessionState {
  const state = findState(session);
  if (state !== undefined) return state;
  throw new TypeError("This is no session.");
}

/** The state, unless its session has ended. Throws `SessionError` `"gone"`. */
export function requireOpen(state: SessionState): SessionState {
  if (state.phase === "open") return state;
  throw new SessionError(
    "gone",
    `This ${state.context.name} has ended; its data cannot be written any more.`,
  );
}

function requireField(state: SessionState, name: string): Field {
  const field = state.context.fields.find(name);
  if (field !== undefined) return field;
  throw new SessionError(
    "invalid",
    `${JSON.stringify(name)} is no field of the ${state.context.name}. Declare it in the shape of the schema.`,
  );
}
