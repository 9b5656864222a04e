/** More turns than any schedule needs: actors that never come to an end are a fault. */
const mostTurns = 5000;

/**
 * Lets one actor at a time go on, from one call of the backend to its next, in a given order. Nothing but the order
 * decides, so a schedule always runs the same.
 */
export class Turns {
  readonly #order: readonly number[];
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #count = 0;

  constructor(order: readonly number[]) {
    this.#order = order;
  }

  /** How many turns there have been: the time of what happens. */
  get now(): number {
    return this.#count;
  }

  /** Runs the actors until each has called `leave`. */
  async run(actors: readonly ((leave: () => void) => void)[]): Promise<void> {
    this.#running = actors.length;
    await Promise.all(
      actors.map(
        (start) =>
          new Promise<void>((resolve) =>
            start(() => {
              resolve();
              this.#pause();
            }),
          ),
      ),
    );
  }

  /** Waits until it is the turn of whoever calls. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#pause();
    });
  }

  #pause(): void {
    this.#running -= 1;
    if (this.#running > 0 || this.#waiting.length === 0) return;
    const choice = this.#order[this.#count] ?? 0;
    this.#count += 1;
    if (this.#count > mostTurns) throw new Error(`the actors are not done after ${mostTurns} turns`);
    const [next] = this.#waiting.splice(choice % this.#waiting.length, 1);
    this.#running += 1;
    next?.();
  }
}
