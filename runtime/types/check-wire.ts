/** One thing that is wrong with a stored or assigned value. Names the path and the limit, never the value. */
export interface WireProblem {
  /** The field of the session. */
  readonly field: string;
  /** Where in it, as in `cart[0].quantity`. Keys of records are in it: see `shown-path.ts` for what may be shown. */
  readonly path: string;
  readonly message: string;
}

/** The generated check of the wire form: every problem, or an empty list. Fields that are absent or unknown are no problem. */
export type CheckWire = (fields: unknown) => readonly WireProblem[];
