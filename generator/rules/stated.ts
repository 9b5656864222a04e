/** An object without its members that are `undefined`. */
export type Stated<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Leaves out what is `undefined`, as exact optional properties ask for. */
export function stated<T extends object>(members: T): Stated<T> {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Stated<T>;
}
