import { hash } from "node:crypto";
import type { QueryResult } from "kysely";
import type { FieldDef, PoolClient } from "pg";
import { hasCode } from "./dialect.js";
import { type Field, type Prepared, PreparedQuery } from "./postgres-query.js";
import type { Row } from "./record-row.js";
import type { PoolState, ServerConnection } from "./server-driver.js";

/** A connection of pg's pool. */
export class PostgresConnection implements ServerConnection {
  readonly #client: PoolClient;
  readonly #pool: PoolState;
  /** Those that were sent here, by text. */
  readonly #statements = new Map<string, Prepared>();
  #isOver = false;

  constructor(client: PoolClient, pool: PoolState) {
    this.#client = client;
    this.#pool = pool;
    const end = (): void => {
      this.#isOver = true;
    };
    client.once("error", end);
    client.once("end", end);
  }

  get isUsable(): boolean {
    return !this.#isOver;
  }

  query(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.#client.query(sql, [...parameters]).then(
      ({ rows, rowCount }) => ({ rows, numAffectedRows: BigInt(rowCount ?? 0) }),
      (error: unknown) => {
        this.#noteEnd(error);
        throw error;
      },
    );
  }

  execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    if (!this.#pool.preparing.isOn) return this.query(sql, parameters);
    const statement = this.#statements.get(sql) ?? this.#toPrepare(sql);
    const isFirstTime = statement.fields === undefined;
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: QueryResult<Row>): void => {
        if (error === null) {
          resolve(result);
        } else if (this.#stopsPreparing(error, isFirstTime)) {
          resolve(this.query(sql, parameters));
        } else {
          this.#noteEnd(error);
          reject(error);
        }
      };
      this.#client.query(new PreparedQuery(statement, parameters, done));
    });
  }

  #toPrepare(sql: string): Prepared {
    const statement: Prepared = { sql, name: nameOf(sql), fields: undefined, toField: this.#toField };
    this.#statements.set(sql, statement);
    return statement;
  }

  release(isLost: boolean): void {
    this.#client.release(isLost || this.#isOver);
  }

  /** Whether nobody else shall use it after such an error. */
  #noteEnd(error: unknown): void {
    if (isFatal(error) || (hasCode(error, readOnly) && this.#pool.renewals.take())) this.#isOver = true;
  }

  /**
   * Prepares no more where a statement was refused because it is prepared, which the server does before it does
   * anything. `false` after any other error.
   */
  #stopsPreparing(error: Error, isFirstTime: boolean): boolean {
    if (hasCode(error, resultWouldChange) && !isFirstTime) this.#isOver = true;
    else if (hasCode(error, ...notOursAlone)) this.#pool.preparing.isOn = false;
    else return false;
    return true;
  }

  readonly #toField = ({ name, dataTypeID }: FieldDef): Field => ({
    name,
    parse: this.#client.getTypeParser(dataTypeID, "text"),
  });
}

/** After such an error the other side closes the connection, and whoever got it next would fail with it. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "FATAL";
}

/** The transaction may only read, by the default that the connection began with, or since the server is a replica. */
const readOnly = "25006";

/** The columns of a table have changed, so that the rows of a prepared statement would be others. */
const resultWouldChange = "0A000";

/**
 * Between us and the server stands a pooler that gives each transaction another connection, where our statements are not
 * prepared, or are by others; or one that has prepared them itself, before the table changed.
 */
const notOursAlone = ["26000", "42P05", resultWouldChange];

const names = new Map<string, string>();

/** The same for the same text, in every process. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = `session_gen_${hash("sha256", sql, "hex").slice(0, 32)}`;
  names.set(sql, name);
  return name;
}
