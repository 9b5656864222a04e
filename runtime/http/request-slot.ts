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
