import { heardElsewhere } from "../../session/act.js";
import { stateOf } from "../../session/dictionary.js";
import { type Replacement, replaceMethods } from "../replaced-methods.js";

/** Gives a request another session, of which nobody knew before, with these fields of the one before. */
export type Regenerate = (kept: readonly unknown[]) => Promise<void>;

/** Is told when it is done, or what failed. */
type SessionCallback = (error?: unknown) => void;

/** What the option `callbacks` adds to a session. */
export interface SessionCallbacks {
  save(callback: SessionCallback): void;
  reload(callback: SessionCallback): void;
  destroy(callback: SessionCallback): void;
  /** Ends it, and puts a new one in its place, without its data. */
  regenerate(callback: SessionCallback): void;
}

const regenerations = new WeakMap<object, Regenerate>();

const taking: Replacement = (_session, own, [callback]) => tell(own(), callback);

const replacements: Readonly<Record<string, Replacement>> = {
  ...{ save: taking, reload: taking, destroy: taking },
  // Passport for Fastify names fields to keep.
  regenerate: (session, _own, given) => {
    const kept: readonly unknown[] = given.filter(Array.isArray).flat();
    const callback = given.find((one) => typeof one === "function");
    return tell(Promise.resolve(regenerations.get(session)?.(kept)), callback);
  },
};

/**
 * Lets `save`, `reload` and `destroy` of a session take a callback, and adds `regenerate`, as Passport and its like call
 * them. Without a callback each gives its promise.
 */
export function addCallbacks(session: object, regenerate: Regenerate): void {
  regenerations.set(session, regenerate);
  replaceMethods(session, replacements);
}

/** Whether a session takes callbacks. */
export function hasCallbacks<S extends object>(session: S): session is S & SessionCallbacks {
  return regenerations.has(session);
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

/** Makes the fields enumerable properties of the session itself: Passport for Fastify finds those to keep by `Object.keys`. */
export function listFields(session: object): void {
  const own: object = Object.getPrototypeOf(session);
  for (const { name } of stateOf(session).context.fields.all) {
    Object.defineProperty(session, name, {
      get: () => Reflect.get(own, name, session),
      set: (value: unknown) => Reflect.set(own, name, value, session),
      enumerable: true,
      configurable: true,
    });
  }
}

function tell(done: Promise<unknown>, callback: unknown): Promise<unknown> | undefined {
  if (typeof callback !== "function") return heardElsewhere(done);
  // In a turn of its own: what a callback throws is not what the session's promise rejects with.
  done.then(
    () => process.nextTick(callback),
    (error: unknown) => process.nextTick(callback, error),
  );
  return undefined;
}
