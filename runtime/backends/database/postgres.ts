import { createHash } from "node:crypto";
import { Socket } from "node:net";
import type { Pool, PoolClient } from "pg";
import { SessionError } from "../../platform/errors.js";
import { importPeer, peerFault } from "../../platform/peer.js";
import { type DatabaseDialect, hasCode, outOfTurn, turnTimeout } from "./dialect.js";
import { plainError } from "./plain-error.js";
import { PostgresConnection } from "./postgres-connection.js";
import { Renewals } from "./renewals.js";
import { connectTimeout, OpenSet, openPool, poolSize, type ServerPool } from "./server-driver.js";
import { toServerUrl } from "./server-url.js";

const option = 'database({ dialect: "postgres" })';

/** How long a connection stays open that nobody uses, in milliseconds. */
const idleTimeout = 30_000;

/** PostgreSQL 12 and later, by pg. A commit is on its disk before it is acknowledged, unless `synchronous_commit` is off. */
export const postgres: DatabaseDialect = {
  types: {
    key: 'text collate "C"',
    text: "text",
    integer: "bigint",
    real: "double precision",
    boolean: "boolean",
    bytes: "bytea",
  },
  hasBooleans: true,
  // Two of them fit into an entry of an index.
  longestKey: 1024,
  hasOnConflict: true,
  hasIndexIfNotExists: true,
  sweeping: "skip locked",
  mostTogether: 16,

  open: async (text) => {
    const url = toServerUrl(text, ["postgres", "postgresql"], "PostgreSQL");
    const { Kysely, PostgresDialect } = await importPeer({
      name: "kysely",
      option,
      load: () => import("kysely"),
    });
    const pg = await importDriver();
    assertProtocol(pg);
    const sockets = new OpenSet<Socket>();
    const pool = new pg.Pool({
      connectionString: url,
      stream: () => remember(new Socket(), sockets),
      max: poolSize,
      connectionTimeoutMillis: connectTimeout,
      idleTimeoutMillis: idleTimeout,
      keepAlive: true,
    });
    // A connection that breaks says so to whoever waits for it; unheard, the same event would end the process.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    const connections = toServerPool(pool, sockets);
    return openPool((config) => new Kysely(config), new PostgresDialect({ pool }), connections);
  },

  // PostgreSQL refuses U+0000.
  toStored: (text) =>
    text.includes("\u0000") || text.includes(mark)
      ? text.replaceAll(mark, `${mark}1`).replaceAll("\u0000", `${mark}0`)
      : text,
  fromStored: (stored) => {
    const text = String(stored);
    return text.includes(mark) ? text.replace(marked, (_, kind) => (kind === "0" ? "\u0000" : mark)) : text;
  },

  isTaken: () => false,
  // In an array the rows are read once, whatever the planner does.
  isAmong: (rows, sql) => sql`${sql.ref("id")} = any(array${rows})`,

  alone: async (client, name, work) => {
    const { sql } = await import("kysely");
    const lock = createHash("sha256").update(name).digest().readBigInt64BE().toString();
    const transaction = client.transaction().execute(async (transaction) => {
      // At another level, what is read would be from before the lock was given.
      await sql`set transaction isolation level read committed`.execute(transaction);
      // Who waits for ever keeps its connection from everyone.
      await sql`select set_config('lock_timeout', ${`${turnTimeout}s`}, true), pg_advisory_xact_lock(${lock}::bigint)`.execute(
        transaction,
      );
      return await work(transaction);
    });
    return await transaction.catch((error: unknown) => {
      if (hasCode(error, lockNotAvailable)) throw outOfTurn();
      throw isWithoutTransactions(error) ? withoutTransactions(error) : error;
    });
  },

  // A serialization failure, where that is the default level; a deadlock.
  isTransient: (error) => hasCode(error, "40001", "40P01"),
  mayBeMissing: (error) => hasCode(error, "42P01", "42703", "3F000"),
  // No text of that type; a number or a text out of its range; a value, or an operator, of another type.
  isMistyped: (error) => hasCode(error, "22P02", "22003", "22001", "42804", "42883"),

  columnsOf: async (client, table, schema) => {
    const { sql } = await import("kysely");
    const name = schema === undefined ? `"${table}"` : `"${schema}"."${table}"`;
    const { rows } = await sql<{ name: string }>`
      select attname as name from pg_attribute
      where attrelid = to_regclass(${name}) and attnum > 0 and not attisdropped`.execute(client);
    return rows.map(({ name }) => name);
  },

  // Of a code of SQLSTATE the first two are its class: of data and constraints, whose messages quote values.
  toCause: (error) => plainError(error, (code) => !/^(?:22|23|44|P0)...$/.test(code)),
};

async function importDriver(): Promise<typeof import("pg").default> {
  try {
    return (await import("pg")).default;
  } catch (cause) {
    throw peerFault({ name: "pg", option }, cause);
  }
}

const lockNotAvailable = "55P03";

/** PgBouncer says so, and of nothing else with these words. */
function isWithoutTransactions(error: unknown): error is Error {
  return (
    hasCode(error, "08P01") && error instanceof Error && error.message.includes("transaction blocks not")
  );
}

function withoutTransactions(error: Error): SessionError {
  const advice = "Its pool_mode must be transaction or session where tenants have a limit of sessions.";
  return new SessionError("config", `The pooler before the database allows no transactions. ${advice}`, {
    cause: plainError(error, () => true),
  });
}

/** Stands before 0 for U+0000, and before 1 for itself. It is for private use: nobody has it in a text. */
const mark = "\uE000";
const marked = /\uE000([01])/g;

/** pg-native, which takes the place of pg's own client, neither sends bytes nor lets others write queries. */
function assertProtocol({ Query }: Pick<typeof import("pg"), "Query">): void {
  if ("handleRowDescription" in Query.prototype) return;
  throw new SessionError(
    "config",
    `${option} speaks to the server by pg itself: leave NODE_PG_FORCE_NATIVE unset, which puts pg-native in its place.`,
  );
}

function toServerPool(pool: Pool, sockets: OpenSet<Socket>): ServerPool {
  const connections = new WeakMap<PoolClient, PostgresConnection>();
  const state = { preparing: { isOn: true }, renewals: new Renewals() };
  return {
    connect: async () => {
      const client = await pool.connect();
      const connection = connections.get(client) ?? new PostgresConnection(client, state);
      connections.set(client, connection);
      return connection;
    },
    end: async () => {
      await pool.end();
      await sockets.emptied();
    },
    abandon: () => sockets.each((socket) => socket.destroy()),
  };
}

function remember(socket: Socket, sockets: OpenSet<Socket>): Socket {
  sockets.add(socket);
  return socket.once("close", () => sockets.delete(socket));
}
