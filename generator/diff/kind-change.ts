/** What changes about the kind of a field, at the field or at a member in it. */
export interface KindChange {
  /** The field, or a path from it: `prefs.theme`. */
  readonly field: string;
  readonly effect: KindEffect;
  /** What changes, in words that follow the name. */
  readonly what: string;
}

/**
 * What becomes of a value that is stored. `retyped`: it is of another type. `narrowed`: it may not pass any more.
 * `widened`: it passes, and others do that the version before refuses. `added` and `removed`: a member comes or goes.
 * `replaced`: one goes while
 * one of its type comes. `renamed`: it has another name. `noted`: nothing.
 */
export type KindEffect =
  | "retyped"
  | "narrowed"
  | "widened"
  | "added"
  | "removed"
  | "replaced"
  | "renamed"
  | "noted";

/** Where a kind stands. */
export interface KindPlace {
  /** The nearest field or member. */
  readonly field: string;
  /** What members inside are named under. */
  readonly path: string;
  /** The part of the field that is compared, such as `an element`; the field itself when left out. */
  readonly part?: string;
}

/** A change at a place. */
export function kindChange({ field, part }: KindPlace, effect: KindEffect, what: string): KindChange {
  return { field, effect, what: part === undefined ? what : `${part} ${what}` };
}
