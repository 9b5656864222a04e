import type { ModelSession } from "./model-kind.js";

/** A write that carried changes: each change is known by its token. Times are turns. */
export interface Write {
  readonly tokens: readonly string[];
  readonly from: number;
  /** Absent while it is not acknowledged. */
  until?: number;
}

/** What was done to the one session of a schedule. */
export interface History {
  /** Every key that anybody was given. */
  readonly keys: Set<string>;
  /** Keys that were changed for another one at once, without grace. */
  readonly retiredKeys: Set<string>;
  /** The turn at which the last such change was acknowledged. */
  rotatedAt: number;
  /** Every object that an actor loaded: it may know a key that nobody was sent. */
  readonly sessions: ModelSession[];
  readonly writes: Write[];
  /** Whether something began that ends the session, or may. */
  mayBeOver: boolean;
  /** Whether a key was changed without grace, or began to be: requests that come with it are refused. */
  mayBeRetired: boolean;
  /** The turn at which an ending was acknowledged. */
  endedAt: number;
  /** What actors were doing that have ended in the middle of an operation. */
  readonly crashedIn: string[];
  /** What must never happen, in words. */
  readonly faults: string[];
}

export function createHistory(key: string): History {
  return {
    keys: new Set([key]),
    retiredKeys: new Set(),
    rotatedAt: Number.NEGATIVE_INFINITY,
    sessions: [],
    writes: [],
    mayBeOver: false,
    mayBeRetired: false,
    endedAt: Number.POSITIVE_INFINITY,
    crashedIn: [],
    faults: [],
  };
}
