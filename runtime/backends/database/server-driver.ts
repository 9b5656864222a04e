import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  Kysely,
  KyselyConfig,
  QueryResult,
} from "kysely";
import { SessionError } from "../../platform/errors.js";
import { startTimeout } from "../../platform/start-timeout.js";
import type { OpenDatabase, Tables } from "./client.js";
import { FreeConnections, type Releasable } from "./free-connections.js";
import type { Row } from "./record-row.js";
import type { Renewals } from "./renewals.js";

/** A pool of connections to a server. */
export interface ServerPool {
  connect(): Promise<ServerConnection>;
  /** Closes every connection when what it does is done; resolves when the server has closed them too. */
  end(): Promise<void>;
  /** Closes every connection at once. */
  abandon(): void;
}

/** One connection of a pool, in the driver's own terms. */
export interface ServerConnection {
  /** Whether it is still open, and is not to be closed. */
  readonly isUsable: boolean;
  query(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>>;
  /** The same, prepared by the server at its first time on this connection: for statements that come again and again. */
  execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>>;
  /** Gives it back to the pool; closes it at once when it is lost. */
  release(isLost: boolean): void;
}

/** Whether the connections of a pool prepare statements; they stop for good where that turns out not to work. */
export interface Preparing {
  isOn: boolean;
}

/** What the connections of a pool have together. */
export interface PoolState {
  readonly preparing: Preparing;
  readonly renewals: Renewals;
}

/** How long a connection may take to open, or to come free, in milliseconds: as long as the default deadline. */
export const connectTimeout = 2000;

/**
 * A connection that has not answered for so many milliseconds is closed: twice the default deadline, so that a pool
 * whose connections were all lost without a word recovers two seconds after the calls that noticed.
 */
const answerTimeout = 4000;

/** How many connections a pool has. */
export const poolSize = 10;

/** A database over a pool whose connections all answer in time or are replaced. */
export function openPool(
  create: (config: KyselyConfig) => Kysely<Tables>,
  dialect: Dialect,
  pool: ServerPool,
): OpenDatabase {
  const connections = new FreeConnections(async () => new BoundedConnection(await pool.connect()));
  return {
    client: create({
      dialect: {
        createAdapter: () => dialect.createAdapter(),
        createIntrospector: (db) => dialect.createIntrospector(db),
        createQueryCompiler: () => dialect.createQueryCompiler(),
        createDriver: () => createServerDriver(connections),
      },
    }),
    run: async ({ sql, parameters }) => {
      const connection = connections.take() ?? (await connections.wait());
      try {
        return await connection.inTime((server) => server.execute(sql, parameters));
      } finally {
        connections.give(connection);
      }
    },
    close: () => within(pool.end(), connectTimeout).catch(() => pool.abandon()),
  };
}

function createServerDriver(connections: FreeConnections<BoundedConnection>): Driver {
  const run = async (connection: DatabaseConnection, sql: string): Promise<void> => {
    if (connection instanceof BoundedConnection) await connection.inTime((server) => server.query(sql, []));
  };
  return {
    init: async () => {},
    acquireConnection: async () => connections.take() ?? (await connections.wait()),
    // Not `begin`, which opens a block where MariaDB has the `sql_mode` ORACLE.
    beginTransaction: (connection) => run(connection, "start transaction"),
    commitTransaction: (connection) => run(connection, "commit"),
    rollbackTransaction: (connection) => run(connection, "rollback"),
    releaseConnection: async (connection) => {
      if (connection instanceof BoundedConnection) connections.give(connection);
    },
    destroy: async () => {},
  };
}

class BoundedConnection implements DatabaseConnection, Releasable {
  readonly #connection: ServerConnection;
  #isLost = false;

  constructor(connection: ServerConnection) {
    this.#connection = connection;
  }

  get isUsable(): boolean {
    return !this.#isLost && this.#connection.isUsable;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery<unknown>): Promise<QueryResult<R>> {
    // The rows are what the statement says; no type can tell.
    return (await this.inTime((server) => server.query(sql, parameters))) as QueryResult<R>;
  }

  inTime<T>(ask: (server: ServerConnection) => Promise<T>): Promise<T> {
    if (this.#isLost) return Promise.reject(noAnswer());
    return within(ask(this.#connection), answerTimeout, () => {
      this.#isLost = true;
    });
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed here.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new SessionError("unsupported", "Rows are not streamed.");
  }

  release(): void {
    this.#connection.release(this.#isLost);
  }
}

/** The answer, or an error after so many milliseconds. */
export function within<T>(answer: Promise<T>, milliseconds: number, onLate = (): void => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = startTimeout(milliseconds, () => {
      onLate();
      reject(noAnswer());
    });
    answer.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
}

function noAnswer(): SessionError {
  return new SessionError("unavailable", "The database does not answer.");
}

/** Connections that are open, each until it is closed. */
export class OpenSet<T> {
  readonly #open = new Set<T>();
  #onEmpty = (): void => {};

  add(connection: T): void {
    this.#open.add(connection);
  }

  has(connection: T): boolean {
    return this.#open.has(connection);
  }

  delete(connection: T): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty();
  }

  /** Resolves when all are closed. */
  async emptied(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }

  each(action: (connection: T) => void): void {
    for (const connection of this.#open) action(connection);
  }
}
