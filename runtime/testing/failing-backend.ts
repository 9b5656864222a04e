import { type BackendMethod, surround } from "../backends/layer.js";
import type { BackendAbilities, SessionBackend } from "../types/backend.js";

export type { BackendMethod } from "../backends/layer.js";

/**
 * What becomes of one call.
 *
 * - `"pass"`: nothing happens to it.
 * - `"reject"`: it rejects, and the backend is never asked. `{ reject: error }` says with what.
 * - `"hang"`: it never answers, and the backend is never asked.
 * - `"lose-answer"`: the backend does it, then it rejects: the write is there, and the caller cannot know.
 * - `{ delay }`: the backend is asked after so many milliseconds.
 * - `{ wait }`: the backend is asked when the promise is fulfilled; with it a test holds a call back for as long
 *   as it likes, without a clock.
 */
export type Failure =
  | "pass"
  | "reject"
  | "hang"
  | "lose-answer"
  | { readonly reject: unknown }
  | { readonly delay: number }
  | { readonly wait: Promise<unknown> };

/**
 * By method: one failure for every call; a list for the first, second, … call, after which calls pass; or a
 * function of the call's number, counted from 1. Read at each call, so a test may change it on the way.
 */
export type FailingPlan = {
  [Method in BackendMethod]?: Failure | readonly Failure[] | ((call: number) => Failure);
};

/** The backend, but for what the plan does to its calls; those of its abilities included. */
export function failingBackend<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  plan: FailingPlan,
): SessionBackend<A> {
  const calls = new Map<BackendMethod, number>();
  const failing = surround(backend, (method, call, options) => {
    const number = (calls.get(method) ?? 0) + 1;
    calls.set(method, number);
    return apply(failureOf(plan[method], number), method, () => call(options));
  });
  // What is known of a place does not hold for one that fails.
  const { place, ...unplaced } = failing;
  return unplaced;
}

async function apply<T>(failure: Failure, method: BackendMethod, call: () => Promise<T>): Promise<T> {
  if (failure === "pass") return call();
  if (failure === "hang") return new Promise<never>(() => {});
  if (failure === "reject") throw new Error(`${method} was told to reject`);
  if (failure === "lose-answer") {
    await call();
    throw new Error(`the answer to ${method} was told to be lost`);
  }
  if ("reject" in failure) throw failure.reject;
  if ("delay" in failure) await new Promise((resolve) => setTimeout(resolve, failure.delay));
  else await failure.wait;
  return call();
}

function failureOf(planned: FailingPlan[BackendMethod], call: number): Failure {
  if (planned === undefined) return "pass";
  if (typeof planned === "function") return planned(call);
  return isList(planned) ? (planned[call - 1] ?? "pass") : planned;
}

function isList(planned: Failure | readonly Failure[]): planned is readonly Failure[] {
  return Array.isArray(planned);
}
