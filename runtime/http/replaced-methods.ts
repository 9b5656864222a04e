/** What is called instead of a method of a session; `own` is the method itself. */
export type Replacement = (
  session: object,
  own: () => Promise<unknown>,
  given: readonly unknown[],
) => unknown;

const derived = new WeakMap<object, WeakMap<object, object>>();

/**
 * Puts other methods before a session's own, by name; a name that it does not have is added. A session takes no properties
 * of its own, so that it gets another prototype: one for each class and set of replacements.
 */
export function replaceMethods(session: object, replacements: Readonly<Record<string, Replacement>>): void {
  const own: object = Object.getPrototypeOf(session);
  const known = derived.get(replacements) ?? new WeakMap<object, object>();
  derived.set(replacements, known);
  const prototype = known.get(own) ?? derivePrototype(own, replacements);
  known.set(own, prototype);
  Object.setPrototypeOf(session, prototype);
}

function derivePrototype(own: object, replacements: Readonly<Record<string, Replacement>>): object {
  const prototype: object = Object.create(own);
  for (const [name, replacement] of Object.entries(replacements)) {
    const value = function replaced(this: object, ...given: readonly unknown[]): unknown {
      return replacement(this, async () => Reflect.apply(Reflect.get(own, name), this, []), given);
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
  return prototype;
}
