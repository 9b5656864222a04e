import type { SchemaFault } from "../schema-error.js";

/** A place in a schema file. */
export interface SourcePosition {
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/**
 * One expression of a schema file as the generator asks about it: where it stands and what only its text tells.
 * A part that the text does not show (imported, computed) is this node again, so that every fault has a place.
 */
export interface SourceNode {
  /** Of the name when this is a member, else of the expression. */
  readonly position: SourcePosition;
  /** The doc comment of a member, without its stars. */
  readonly doc?: string;
  /** The member of that name, of the object literal that this expression holds or passes on. */
  member(name: string): SourceNode;
  /** The names of the members of the object literal that this expression holds or passes on. */
  names(): readonly string[];
  /** An element of the array literal that this expression holds or passes on. */
  item(index: number): SourceNode;
  /** The first call of a function or method of one of these names that makes up this expression, members left out. */
  call(...names: readonly string[]): SourceCall | undefined;
}

/** A call that makes up an expression. */
export interface SourceCall {
  /** The last name of what is called. */
  readonly name: string;
  readonly position: SourcePosition;
  /** Whether its last argument is a function. */
  readonly endsInFunction: boolean;
}

/** What is wrong, at a place. */
export function faultAt(position: SourcePosition, message: string): SchemaFault {
  return Object.freeze({ ...position, message });
}

/** A node for a definition whose text is not at hand: everything is at the start of the file. */
export function unknownSource(file: string): SourceNode {
  const node: SourceNode = {
    position: { file, line: 1, column: 1 },
    member: () => node,
    names: () => [],
    item: () => node,
    call: () => undefined,
  };
  return node;
}
