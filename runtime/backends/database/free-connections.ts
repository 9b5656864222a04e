import { afterListening } from "../../platform/built-ins.js";

/** A connection that can be given back to its pool. */
export interface Releasable {
  /** Whether somebody else may use it. */
  readonly isUsable: boolean;
  release(): void;
}

/**
 * A pool's connections, of which one that comes free stays at hand until the turn of the event loop ends: to give it back
 * and to ask for it again takes timers, promises and events of it. Where somebody waits for one, the pool has it at once.
 */
export class FreeConnections<C extends Releasable> {
  readonly #connect: () => Promise<C>;
  readonly #free: C[] = [];
  #waiting = 0;
  #isReturning = false;

  constructor(connect: () => Promise<C>) {
    this.#connect = connect;
  }

  /** One that came free in this turn. */
  take(): C | undefined {
    for (;;) {
      const connection = this.#free.pop();
      if (connection === undefined || connection.isUsable) return connection;
      connection.release();
    }
  }

  /** One of the pool's. */
  async wait(): Promise<C> {
    this.#waiting += 1;
    try {
      return await this.#connect();
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Gives one back. */
  give(connection: C): void {
    if (this.#waiting > 0 || !connection.isUsable) {
      connection.release();
      return;
    }
    this.#free.push(connection);
    if (this.#isReturning) return;
    this.#isReturning = true;
    afterListening(() => this.#release());
  }

  #release(): void {
    this.#isReturning = false;
    for (const connection of this.#free.splice(0)) connection.release();
  }
}
