interface Look<T> {
  readonly current: Promise<T>;
  /** Begins when the current one has ended; for all who asked meanwhile. */
  next: Promise<T> | undefined;
  readonly since: number;
}

/** After so many milliseconds nobody waits for a look any more: its connection may never answer. */
const patience = 2000;

/**
 * Takes long looks at one thing for many who ask at once: whoever asks during one shares the next, which begins after they
 * asked and so sees what they did.
 */
export class SharedLooks<T> {
  readonly #looks = new Map<string, Look<T>>();

  take(name: string, look: () => Promise<T>): Promise<T> {
    const known = this.#looks.get(name);
    if (known === undefined || performance.now() - known.since > patience) return this.#begin(name, look);
    known.next ??= known.current.then(nothing, nothing).then(() => this.#begin(name, look));
    return known.next;
  }

  #begin(name: string, look: () => Promise<T>): Promise<T> {
    const current = look();
    const begun: Look<T> = { current, next: undefined, since: performance.now() };
    this.#looks.set(name, begun);
    const end = (): void => {
      if (this.#looks.get(name) === begun && begun.next === undefined) this.#looks.delete(name);
    };
    current.then(end, end);
    return current;
  }
}

function nothing(): void {}
