import type { SourceNode } from "../load/source-node.js";
import type { SchemaFault } from "../schema-error.js";
import { nearest } from "./nearest.js";

/** One option as it was written: its value, its name for people, and a way to say what is wrong with it. */
export interface Option {
  readonly value: unknown;
  /** `expiry.idle`; empty for the options as a whole. */
  readonly path: string;
  readonly source: SourceNode;
  refuse(message: string): void;
  item(index: number): Option;
  /** A member under the name that people know it by; absent ones have the value `undefined`. */
  member(name: string): Option;
  /** Another value at the same place, under another name. */
  renamed(value: unknown, path: string): Option;
}

/** An option at the place of `source`; faults are collected, so that all come in one run. */
export function createOption(value: unknown, source: SourceNode, faults: SchemaFault[], path = ""): Option {
  return {
    value,
    path,
    source,
    refuse: (message) => {
      faults.push(
        Object.freeze({ ...source.position, message: path === "" ? message : `${path}: ${message}` }),
      );
    },
    item: (index) => {
      const item: unknown = Array.isArray(value) ? value[index] : undefined;
      return createOption(item, source.item(index), faults, path);
    },
    renamed: (other, name) => createOption(other, source, faults, name),
    member: (name) => {
      const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      return createOption(member, source.member(name), faults, path === "" ? name : `${path}.${name}`);
    },
  };
}

/** The members of an object by name, unknown ones refused; `undefined` when it is absent or no object. */
export function readMembers<Name extends string>(
  option: Option,
  names: readonly Name[],
): { readonly [Member in Name]: Option } | undefined {
  if (option.value === undefined) return undefined;
  if (!isObject(option.value) || Array.isArray(option.value)) {
    option.refuse(`it must be an object with ${names.join(", ")}`);
    return undefined;
  }
  for (const name of Object.keys(option.value)) {
    if (names.some((known) => known === name)) continue;
    const near = nearest(name, names);
    const hint = near === undefined ? `there are ${names.join(", ") || "none"}` : `did you mean \`${near}\`?`;
    option.member(name).refuse(`there is no such option; ${hint}`);
  }
  const members: Partial<Record<Name, Option>> = {};
  for (const name of names) members[name] = option.member(name);
  return isComplete(members, names) ? members : undefined;
}

/** Whether a value has members: an object or an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isComplete<Name extends string>(
  members: Partial<Record<Name, Option>>,
  names: readonly Name[],
): members is Record<Name, Option> {
  return names.every((name) => members[name] !== undefined);
}
