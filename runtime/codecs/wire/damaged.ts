/** Why bytes cannot be read. Says what is wrong, never what is in them. */
export function damaged(what: string): RangeError {
  return new RangeError(what);
}
