/** What express-session hands to its callbacks: nothing, or what went wrong. */
type Callback = (error?: unknown) => void;

/** Gives a request another session, of which nobody knew before. */
export type Regenerate = () => Promise<void>;

const methods = ["save", "reload", "destroy"] as const;

const regenerations = new WeakMap<object, Regenerate>();

const prototypes = new WeakMap<object, object>();

/**
 * Lets `save`, `reload` and `destroy` of a session take a callback, and adds `regenerate`, as Passport and its like call
 * them. Without a callback each gives its promise.
 */
export function addCallbacks(session: object, regenerate: Regenerate): void {
  const own: object = Object.getPrototypeOf(session);
  const known = prototypes.get(own) ?? derivePrototype(own);
  prototypes.set(own, known);
  regenerations.set(session, regenerate);
  // A session takes no properties of its own; see `Guarded`.
  Object.setPrototypeOf(session, known);
}

/** Lets what a session held be read, and enumerated, after it has ended: `keepSessionInfo` copies from there. */
export function keepReadable(
  session: object,
  entries: Iterable<readonly [name: string, value: unknown]>,
): void {
  const kept = Object.create(Object.getPrototypeOf(session));
  for (const [name, value] of entries) {
    Object.defineProperty(kept, name, { value, enumerable: true, configurable: true });
  }
  Object.setPrototypeOf(session, kept);
}

function derivePrototype(own: object): object {
  const derived = Object.create(own);
  const add = (name: string, act: (session: object) => Promise<unknown>): void => {
    const value = function takesCallback(this: object, callback?: Callback): Promise<unknown> | undefined {
      return tell(act(this), callback);
    };
    Object.defineProperty(derived, name, { value, configurable: true, writable: true });
  };
  for (const name of methods) add(name, (session) => Reflect.apply(Reflect.get(own, name), session, []));
  add("regenerate", async (session) => regenerations.get(session)?.());
  return derived;
}

function tell(done: Promise<unknown>, callback: Callback | undefined): Promise<unknown> | undefined {
  if (typeof callback !== "function") return done;
  // In a turn of its own: what a callback throws is not what the session's promise rejects with.
  done.then(
    () => process.nextTick(callback),
    (error: unknown) => process.nextTick(callback, error),
  );
  return undefined;
}
