import type { SourceNode } from "../load/source-node.js";
import type { SchemaFault } from "../schema-error.js";

/** Where in a shape the reader is: the text there, its name for people, and a way to say what is wrong. */
export interface Place {
  readonly source: SourceNode;
  /** `cart[].sku`; empty for the shape itself. */
  readonly path: string;
  /** Adds a fault, at the call of one of these names when the text shows it. */
  refuse(message: string, ...calls: readonly string[]): void;
  /** Adds a fault about a call: the name that the text shows, or the first of these, and the reason. */
  refuseCall(reason: string, ...calls: readonly string[]): void;
  member(name: string): Place;
  element(): Place;
  /** One of several schemas listed in an array: of a union, a tuple. */
  option(index: number): Place;
  /** The same place inside `schema`; `undefined` when `schema` holds itself. */
  within(schema: object): Place | undefined;
}

/** How deep a value may be nested: what is read of a record has a limit too, and `toObject` copies no deeper. */
const deepest = 64;

/** The place of a whole shape. */
export function createPlace(source: SourceNode, faults: SchemaFault[]): Place {
  return place(source, "", [], 0);

  function place(at: SourceNode, path: string, ancestors: readonly object[], depth: number): Place {
    const refuse = (message: string, position = at.position): void => {
      faults.push(Object.freeze({ ...position, message: `${path === "" ? "shape" : path}: ${message}` }));
    };
    const inner = (source: SourceNode, innerPath: string): Place => {
      const there = place(source, innerPath, ancestors, depth + 1);
      if (depth === deepest)
        there.refuse(
          `this is nested more than ${deepest} levels deep and could not be read again; keep it flatter`,
        );
      return there;
    };
    return {
      source: at,
      path,
      refuse: (message, ...calls) => refuse(message, at.call(...calls)?.position),
      refuseCall: (reason, ...calls) => {
        const call = at.call(...calls);
        refuse(`\`${call?.name ?? calls[0]}\` ${reason}`, call?.position);
      },
      member: (name) => inner(at.member(name), joinPath(path, name)),
      element: () => inner(at, `${path}[]`),
      option: (index) => inner(at.item(index), path),
      within: (schema) =>
        ancestors.includes(schema) ? undefined : place(at, path, [...ancestors, schema], depth),
    };
  }
}

function joinPath(path: string, name: string): string {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return `${path}[${inQuotes(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** A fault is told in one line, which these would end too. */
function inQuotes(name: string): string {
  return JSON.stringify(name).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
