import { hasCode } from "./dialect.js";
import type { SqliteFile, SqliteFileStatement, SqliteResult } from "./sqlite-connection.js";

/**
 * How long a write waits for another process's, in milliseconds: as long as the default deadline.
 * The driver is synchronous, so the process stands still meanwhile.
 */
export const busyTimeout = 2000;

/**
 * Waits of writes that do not add up. After one in vain (somebody copies or compacts the database), the next may wait for a
 * quarter of the time that has gone by since, until a write goes through: so the process stands still for a fifth of it.
 */
export class SqlitePatience {
  readonly #file: SqliteFile;
  readonly #now: () => number;
  #lastInVain: number | undefined;

  constructor(file: SqliteFile, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#now = now;
  }

  /** Runs a statement that may write. */
  run(statement: Pick<SqliteFileStatement, "run">, parameters: readonly unknown[]): SqliteResult {
    if (this.#lastInVain !== undefined) this.#wait((this.#now() - this.#lastInVain) / 4);
    try {
      const result = statement.run(parameters);
      if (this.#lastInVain !== undefined && result.changes > 0) {
        this.#lastInVain = undefined;
        this.#wait(busyTimeout);
      }
      return result;
    } catch (error) {
      if (hasCode(error, "SQLITE_BUSY")) this.#lastInVain = this.#now();
      throw error;
    }
  }

  #wait(milliseconds: number): void {
    this.#file.pragma(`busy_timeout = ${Math.floor(Math.min(milliseconds, busyTimeout))}`);
  }
}
