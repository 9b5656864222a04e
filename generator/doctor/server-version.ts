import { createRequire } from "node:module";
import { join } from "node:path";
import type { DatabaseModel } from "../model/backend-model.js";

/** A connection that is only asked for the server's version. */
export interface VersionProbe {
  /** As the server says it: `PostgreSQL 15.4 …`, `8.0.36`, `10.11.2-MariaDB`, `7.2.1`; `unknown` where it does not tell. */
  ask(): Promise<string>;
  /** Closes the connection, whatever it is doing. */
  close(): void;
}

interface Place {
  readonly url: string;
  /** The folder from which the driver is resolved. */
  readonly projectFolder: string;
  /** How long a connection may take, in milliseconds. */
  readonly limit: number;
}

/** Opens nothing before it is asked. Throws when the driver is not installed or cannot be loaded. */
export function probeDatabase(dialect: DatabaseModel["dialect"], place: Place): VersionProbe {
  return { sqlite: probeSqlite, postgres: probePostgres, mysql: probeMysql }[dialect](place);
}

/** Like `probeDatabase`, for one Redis server. */
export function probeRedis({ url, projectFolder, limit }: Place): VersionProbe {
  const Redis = constructorIn<RedisClient>(load(projectFolder, "ioredis"), "Redis");
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: limit,
    retryStrategy: () => null,
  };
  // Without a scheme, ioredis takes what follows the host for the path of a socket.
  const redis = new Redis(/^\/|:\/\//.test(url) ? url : `redis://${url}`, options);
  let reason: unknown;
  redis.on("error", (error) => {
    reason = error;
  });
  return {
    ask: async () => {
      // What it rejects with says no more than that the connection is closed.
      await redis.connect().catch((error: unknown) => {
        throw reason ?? error;
      });
      const info = await redis.info("server").catch((error: unknown) => {
        if (error instanceof Error && error.message.startsWith("NOPERM")) return "";
        throw error;
      });
      return /^(?:redis|valkey)_version:(.+)$/m.exec(info)?.[1]?.trim() ?? "unknown";
    },
    close: () => redis.disconnect(),
  };
}

function probeSqlite({ url, projectFolder }: Place): VersionProbe {
  const Database = constructorIn<SqliteClient>(load(projectFolder, "better-sqlite3"));
  let database: SqliteClient | undefined;
  return {
    ask: async () => {
      // Read-only: a file that is missing is not made.
      database = new Database(url, { readonly: true, fileMustExist: true });
      const row: unknown = database.prepare("select sqlite_version() as version").get();
      return versionIn(row);
    },
    close: () => void database?.close(),
  };
}

function probePostgres({ url, projectFolder, limit }: Place): VersionProbe {
  const Client = constructorIn<PostgresClient>(load(projectFolder, "pg"), "Client");
  const options = { connectionString: url, connectionTimeoutMillis: limit, query_timeout: limit };
  const client = new Client(options);
  client.on("error", () => {});
  return {
    ask: async () => {
      await client.connect();
      const { rows } = await client.query("select version() as version");
      return versionIn(rows[0]);
    },
    close: () => void client.end().catch(() => undefined),
  };
}

function probeMysql({ url, projectFolder, limit }: Place): VersionProbe {
  const mysql = load(projectFolder, "mysql2");
  if (!isMysql(mysql)) throw new Error("The package mysql2 is not what it should be.");
  const pool = mysql.createPool({ uri: url, connectionLimit: 1, connectTimeout: limit });
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        pool.query("select version() as version", (error, rows) =>
          error === null ? resolve(versionIn(rows[0])) : reject(error),
        );
      }),
    close: () => pool.end(() => {}),
  };
}

interface RedisClient {
  connect(): Promise<unknown>;
  info(section: string): Promise<string>;
  disconnect(): void;
  on(event: "error", listener: (error: unknown) => void): unknown;
}

interface SqliteClient {
  prepare(sql: string): { get(): unknown };
  close(): unknown;
}

interface PostgresClient {
  connect(): Promise<unknown>;
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<unknown>;
  on(event: "error", listener: () => void): unknown;
}

interface Mysql2 {
  createPool(options: object): {
    query(sql: string, done: (error: Error | null, rows: readonly unknown[]) => void): void;
    end(done: () => void): void;
  };
}

type Constructor<Client> = new (place: string | object, options?: object) => Client;

function load(projectFolder: string, name: string): unknown {
  return createRequire(join(projectFolder, "session.schema.ts"))(name);
}

/** A class of a driver; the module itself where that is the class. */
function constructorIn<Client>(module: unknown, name?: string): Constructor<Client> {
  const member = isObject(module) && name !== undefined && name in module ? module[name] : module;
  if (isConstructor<Client>(member)) return member;
  throw new Error("The installed driver is not what it should be.");
}

function isConstructor<Client>(value: unknown): value is Constructor<Client> {
  return typeof value === "function";
}

function isMysql(value: unknown): value is Mysql2 {
  return isObject(value) && typeof value["createPool"] === "function";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function versionIn(row: unknown): string {
  return isObject(row) ? String(row["version"]) : "unknown";
}
