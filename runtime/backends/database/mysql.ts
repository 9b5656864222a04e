import { createHash } from "node:crypto";
import type { Pool, PoolConnection } from "mysql2";
import { SessionError } from "../../platform/errors.js";
import { importPeer, peerFault } from "../../platform/peer.js";
import { type DatabaseDialect, hasCode, outOfTurn, turnTimeout } from "./dialect.js";
import { closeAtOnce, MysqlConnection } from "./mysql-connection.js";
import { plainError } from "./plain-error.js";
import { Renewals } from "./renewals.js";
import { connectTimeout, OpenSet, openPool, poolSize, type ServerPool, within } from "./server-driver.js";
import { toServerUrl } from "./server-url.js";

const option = 'database({ dialect: "mysql" })';

/** How many calls wait for a connection before the next is refused. */
const longestQueue = 10_000;

/**
 * MySQL 8 and MariaDB 10.6 and later, by mysql2. A commit is on their disk before it is acknowledged, unless
 * `innodb_flush_log_at_trx_commit` is another than 1. Text goes as bytes, so that no collation, character set or
 * `sql_mode` has a say in it.
 */
export const mysql: DatabaseDialect = {
  types: {
    key: "varbinary(1024)",
    text: "longtext character set utf8mb4 collate utf8mb4_bin",
    integer: "bigint",
    real: "double",
    boolean: "boolean",
    bytes: "longblob",
  },
  hasBooleans: false,
  // Two of them fit into an entry of an index, which has at most 3,072 bytes.
  longestKey: 1024,
  hasOnConflict: false,
  hasIndexIfNotExists: false,
  sweeping: "lock first",
  mostTogether: 16,

  open: async (text) => {
    const url = toServerUrl(text, ["mysql", "mariadb"], "MySQL");
    const { Kysely, MysqlDialect } = await importPeer({
      name: "kysely",
      option,
      load: () => import("kysely"),
    });
    const mysql2 = await importDriver();
    const pool = createPool(mysql2.createPool, url);
    return openPool((config) => new Kysely(config), new MysqlDialect({ pool }), toServerPool(pool));
  },

  toStored: (text) => Buffer.from(text),
  // A character that the connection's character set lacks, as utf8 does many, would come as a question mark.
  readText: (sql) => sql`cast(${sql.ref("text")} as binary)`,
  fromStored: (stored) =>
    stored instanceof Uint8Array ? Buffer.from(stored).toString("utf8") : String(stored),

  isTaken: (error) => hasCode(error, "ER_DUP_ENTRY"),
  // MySQL takes no limit in a subquery, but in one within it.
  isAmong: (rows, sql) =>
    sql`${sql.ref("id")} in (select ${sql.ref("id")} from ${rows} as ${sql.ref("first")})`,

  alone: async (client, name, work) => {
    const { sql } = await import("kysely");
    // Such names have at most 64 characters.
    const lock = createHash("sha256").update(name).digest("base64url");
    return await client.connection().execute(async (connection) => {
      const { rows } = await sql<{ got: unknown }>`select get_lock(${lock}, ${turnTimeout}) as got`.execute(
        connection,
      );
      if (Number(rows[0]?.got) !== 1) throw outOfTurn();
      try {
        // The lock comes first: what the transaction reads is from its first reading on.
        return await connection.transaction().execute(work);
      } finally {
        // It goes with the connection when that is lost.
        await sql`do release_lock(${lock})`.execute(connection).catch(() => {});
      }
    });
  },

  // A deadlock; a row that changed since the transaction read it (MariaDB's innodb_snapshot_isolation).
  isTransient: (error) => hasCode(error, "ER_LOCK_DEADLOCK", "ER_CHECKREAD", "ER_USER_LOCK_DEADLOCK"),
  mayBeMissing: (error) => hasCode(error, "ER_NO_SUCH_TABLE", "ER_BAD_FIELD_ERROR", "ER_BAD_DB_ERROR"),
  isMistyped: (error) => hasCode(error, ...otherTypes),

  columnsOf: async (client, table, schema) => {
    const { sql } = await import("kysely");
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
      where table_schema = coalesce(${schema ?? null}, database()) and table_name = ${table}`.execute(client);
    return rows.map(({ name }) => name);
  },

  toCause: (error) => plainError(error, (code) => !code.startsWith("ER_") || harmless.has(code)),
};

async function importDriver(): Promise<typeof import("mysql2")> {
  try {
    return (await import("mysql2")).default;
  } catch (cause) {
    throw peerFault({ name: "mysql2", option }, cause);
  }
}

const otherTypes = [
  ...["ER_TRUNCATED_WRONG_VALUE", "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD", "WARN_DATA_TRUNCATED"],
  ...["ER_WARN_DATA_OUT_OF_RANGE", "ER_DATA_TOO_LONG"],
] as const;

/** The errors of the server whose messages quote no value. */
const harmless = new Set([
  "ER_ACCESS_DENIED_ERROR",
  "ER_ACCESS_DENIED_NO_PASSWORD_ERROR",
  "ER_BAD_DB_ERROR",
  "ER_BAD_FIELD_ERROR",
  "ER_CON_COUNT_ERROR",
  "ER_DBACCESS_DENIED_ERROR",
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_NO_DB_ERROR",
  "ER_NO_SUCH_TABLE",
  "ER_TABLEACCESS_DENIED_ERROR",
]);

function createPool(create: typeof import("mysql2").createPool, url: string): Pool {
  try {
    return create({
      uri: url,
      connectionLimit: poolSize,
      queueLimit: longestQueue,
      connectTimeout,
      supportBigNumbers: true,
      enableKeepAlive: true,
    });
  } catch {
    // What it throws may repeat what the url holds.
    throw new SessionError(
      "config",
      "mysql2 cannot use the url of the database: a % in its password is written %25, and ssl must be as it knows it.",
    );
  }
}

function toServerPool(pool: Pool): ServerPool {
  const connections = new OpenSet<PoolConnection>();
  const state = { preparing: { isOn: true }, renewals: new Renewals() };
  pool.on("connection", (connection) => {
    connections.add(connection);
    connection.once("end", () => connections.delete(connection));
    connection.once("error", () => connections.delete(connection));
    // Where the server has it off by default, what is acknowledged would be undone when the connection closes.
    connection.query("set autocommit = 1", () => {});
  });
  return {
    connect: async () => {
      const connection = await connect(pool);
      return new MysqlConnection(connection, state, () => connections.has(connection));
    },
    end: async () => {
      await new Promise<void>((resolve, reject) => {
        pool.end((error) => (error ? reject(error) : resolve()));
      });
      await connections.emptied();
    },
    abandon: () => connections.each(closeAtOnce),
  };
}

/** The pool has no limit of its own to waiting for a connection; one that comes too late goes back. */
function connect(pool: Pool): Promise<PoolConnection> {
  let isLate = false;
  const connected = new Promise<PoolConnection>((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) reject(error);
      else if (isLate) connection.release();
      else resolve(connection);
    });
  });
  return within(connected, connectTimeout, () => {
    isLate = true;
  });
}
