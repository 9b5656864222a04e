interface Slots {
  [slot: symbol]: unknown;
}

/** What a request keeps under a symbol; `undefined` when there is nothing. Any object can keep something. */
export function readSlot<Kept>(request: object, slot: symbol): Kept | undefined {
  return (request as Slots)[slot] as Kept | undefined;
}

/** Keeps something under a symbol of a request: a plain assignment, which is several times as fast as `Reflect.set`. */
export function writeSlot(request: object, slot: symbol, kept: unknown): void {
  (request as Slots)[slot] = kept;
}

const skipped = Symbol("skipped");

/** Keeps on a request that its adapter was told to give it no session of a kind. */
export function noteSkipped(request: object, slot: symbol): void {
  writeSlot(request, skipped, [...(readSlot<readonly symbol[]>(request, skipped) ?? []), slot]);
}

/** Whether an adapter was told to give a request no session of a kind. */
export function isSkipped(request: object, slot: symbol): boolean {
  return readSlot<readonly symbol[]>(request, skipped)?.includes(slot) === true;
}

/**
 * A property that shows what an object keeps under a symbol, which nothing can take the place of. To be made once for all
 * requests, so that none has a function of its own.
 */
export function shownProperty(slot: symbol): PropertyDescriptor {
  return {
    get(this: object): unknown {
      return readSlot(this, slot);
    },
    set: refuseAssignment,
    enumerable: true,
    configurable: true,
  };
}

/**
 * Throws for `request.session = null`, by which other libraries end a session. That it cannot be written would be enough in
 * strict code; elsewhere the assignment, and so a logout, would be lost in silence.
 */
export function refuseAssignment(): never {
  throw new TypeError(
    "The session of a request cannot be replaced: assign its fields, and end it by destroy().",
  );
}
