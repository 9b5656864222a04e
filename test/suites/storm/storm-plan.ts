import fc from "fast-check";

/** What is done with a key that somebody has, by a process of its own. */
export type Deed = (typeof deeds)[number];

/** How a process comes to an end, or to a halt, in one of its calls of the backend. */
export interface Fate {
  /** `dies`: it does nothing any more. `fails`: this call alone. `sleeps`: until it is woken. */
  readonly how: "dies" | "fails" | "sleeps";
  /** The number of the call, from 0. */
  readonly at: number;
  /** Whether the backend still does, or has done, what that call asks. */
  readonly isDone: boolean;
}

/** One deed after the other; only who sleeps does anything beside them. */
export interface Step {
  readonly deed: Deed;
  /** Which of the keys that are known so far. */
  readonly key: number;
  readonly fate: Fate | null;
  /** How much time passes afterwards. */
  readonly seconds: number;
  /** Whether all who sleep wake up then. */
  readonly wakes: boolean;
}

const deeds = [
  "load",
  "write",
  "request",
  "cycle",
  "log in",
  "log out",
  "delete",
  "revoke handle",
  "revoke user",
  "revoke all",
  "reindex",
  "sweep",
] as const;

const frequent = ["write", "request", "request", "cycle", "log in"] as const;

const fate: fc.Arbitrary<Fate> = fc.record({
  how: fc.constantFrom("dies", "fails", "sleeps"),
  at: fc.nat(6),
  isDone: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...deeds, ...frequent),
  key: fc.nat(5),
  fate: fc.option(fate, { freq: 2 }),
  seconds: fc.constantFrom(0, 0, 0, 1, 11, 61, 310),
  wakes: fc.boolean(),
});

/** Up to seven steps, over one session and all the keys that it ever has. */
export const storms: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 1, maxLength: 7 });
