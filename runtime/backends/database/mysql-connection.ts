import { Socket } from "node:net";
import type { QueryResult } from "kysely";
import type { PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2";
import { hasCode } from "./dialect.js";
import type { Row } from "./record-row.js";
import type { PoolState, ServerConnection } from "./server-driver.js";

/** A connection of mysql2's pool, while it is taken from there. */
export class MysqlConnection implements ServerConnection {
  readonly #connection: PoolConnection;
  readonly #pool: PoolState;
  readonly #isOpen: () => boolean;
  #isOver = false;

  constructor(connection: PoolConnection, pool: PoolState, isOpen: () => boolean) {
    this.#connection = connection;
    this.#pool = pool;
    this.#isOpen = isOpen;
  }

  get isUsable(): boolean {
    return !this.#isOver && this.#isOpen();
  }

  query(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.#ask("query", sql, parameters);
  }

  execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    if (!this.#pool.preparing.isOn) return this.query(sql, parameters);
    return this.#ask("execute", sql, parameters).catch((error: unknown) => {
      // The server refuses these before it does anything.
      if (hasCode(error, "ER_NEED_REPREPARE")) this.#connection.unprepare(sql);
      else if (hasCode(error, ...cannotPrepare)) this.#pool.preparing.isOn = false;
      else throw error;
      return this.query(sql, parameters);
    });
  }

  release(isLost: boolean): void {
    if (isLost || this.#isOver) closeAtOnce(this.#connection);
    else this.#connection.release();
  }

  #ask(method: "query" | "execute", sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      const answer = (error: Error | null, result: RowDataPacket[] | ResultSetHeader): void => {
        if (error) {
          this.#isOver ||=
            hasCode(error, ...lastWords) || (hasCode(error, ...readOnly) && this.#pool.renewals.take());
          reject(error);
        } else if (Array.isArray(result)) resolve({ rows: result });
        else resolve({ rows: [], numAffectedRows: BigInt(result.affectedRows) });
      };
      if (method === "query") this.#connection.query(sql, [...parameters], answer);
      else this.#connection.execute(sql, parameters.map(toSent), answer);
    });
  }
}

/** What the backend's statements carry: text goes as bytes. */
function toSent(value: unknown): Buffer | number | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Number(value);
}

/** After these the server closes the connection, and whoever got it next would fail with it. */
const lastWords = ["ER_NET_PACKET_TOO_LARGE", "ER_CONNECTION_KILLED", "ER_SERVER_SHUTDOWN"];

/** The transaction may only read, by the default that the connection began with, or since the server is a replica. */
const readOnly = [
  "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_READ_ONLY_MODE",
];

/** The server has too many statements already, or between us and it stands one that gives each call another connection. */
const cannotPrepare = ["ER_MAX_PREPARED_STMT_COUNT_REACHED", "ER_UNSUPPORTED_PS", "ER_UNKNOWN_STMT_HANDLER"];

/** `destroy` leaves the pool and says goodbye, and waits for the server to do so too. */
export function closeAtOnce(connection: PoolConnection): void {
  connection.destroy();
  if ("stream" in connection && connection.stream instanceof Socket) connection.stream.destroy();
}
