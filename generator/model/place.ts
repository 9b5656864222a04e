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

/** The place of a whole shape. */
export function createPlace(source: SourceNode, faults: SchemaFault[]): Place {
  return place(source, "", []);

  function place(at: SourceNode, path: string, ancestors: readonly object[]): Place {
    const refuse = (message: string, position = at.position): void => {
      faults.push(Object.freeze({ ...position, message: `${path === "" ? "shape" : path}: ${message}` }));
    };
    return {
      source: at,
      path,
      refuse: (message, ...calls) => refuse(message, at.call(...calls)?.position),
      refuseCall: (reason, ...calls) => {
        const call = at.call(...calls);
        refuse(`\`${call?.name ?? calls[0]}\` ${reason}`, call?.position);
      },
      member: (name) => place(at.member(name), joinPath(path, name), ancestors),
      element: () => place(at, `${path}[]`, ancestors),
      option: (index) => place(at.item(index), path, ancestors),
      within: (schema) => (ancestors.includes(schema) ? undefined : place(at, path, [...ancestors, schema])),
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
