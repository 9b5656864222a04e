import type { SessionState } from "./session-state.js";

let stateBehind: (target: Guarded) => SessionState;
let answer: SessionState | undefined;

const stateAsked: unique symbol = Symbol("state");

/**
 * What a session refuses to be: a bag. Its fields are accessors of its class, so an assignment to any other name,
 * or a `delete`, would pass in silence; both are caught here. Reading needs no trap.
 *
 * Methods have the proxy for `this`, and the state is behind it. A private field of the proxy itself would make it keep a
 * dictionary, in four times the time; so its state is asked for by a symbol that only this file knows.
 */
export class Guarded {
  readonly #state: SessionState;

  constructor(state: SessionState) {
    this.#state = state;
    // biome-ignore lint/correctness/noConstructorReturn: the proxy has to stand in for the object from the start
    return new Proxy(this, guard);
  }

  static {
    stateBehind = (target) => target.#state;
  }
}

/** The state behind a session; `undefined` for anything else. */
export function findState(session: object): SessionState | undefined {
  answer = undefined; // What a foreign proxy that kept the symbol asked for in between is not the answer to this.
  const isSession = stateAsked in session;
  const state = isSession ? answer : undefined;
  answer = undefined;
  return state;
}

const guard: ProxyHandler<Guarded> = {
  defineProperty(target, name, descriptor) {
    // A field made enumerable, for what was written for plain objects.
    if (descriptor.get !== undefined && name in target)
      return Reflect.defineProperty(target, name, descriptor);
    throw new TypeError(
      `${target.constructor.name} has no field ${describe(name)}. Declare it in the shape of the schema.`,
    );
  },
  has(target, name) {
    if (name !== stateAsked) return name in target;
    answer = stateBehind(target);
    return true;
  },
  deleteProperty(target, name) {
    throw new TypeError(
      `Use session.delete(${describe(name)}) to remove a field of ${target.constructor.name}.`,
    );
  },
};

function describe(name: string | symbol): string {
  return typeof name === "symbol" ? String(name) : JSON.stringify(name);
}
