import type { ServerName } from "./installed.js";
import { startMariadb } from "./mariadb.js";
import { startMemcached } from "./memcached.js";
import { startPostgres } from "./postgres.js";
import { startRedis } from "./redis.js";
import type { TestServer } from "./test-server.js";

/** A server that keeps data. */
type StoreName = Exclude<ServerName, "nginx" | "pgbouncer">;

const starters: Readonly<Record<StoreName, () => Promise<TestServer>>> = {
  redis: () => startRedis(),
  postgres: () => startPostgres({ settings: { fsync: "off" } }),
  mysql: () => startMariadb({ settings: { "innodb-flush-log-at-trx-commit": "0" } }),
  memcached: () => startMemcached(),
};

const started = new Map<StoreName, Promise<TestServer>>();

/**
 * The url of a server that tests may share, each under its own prefix or table: that of TEST_REDIS_URL, TEST_POSTGRES_URL,
 * TEST_MYSQL_URL or TEST_MEMCACHED_URL, else that of a private one, which ends with this process and serves every test file
 * that runs in it. Call it at the top of a test file: `const url = await sharedServer("redis")`.
 */
export async function sharedServer(name: StoreName): Promise<string> {
  const given = process.env[`TEST_${name.toUpperCase()}_URL`];
  if (given !== undefined && given !== "") return given;
  const starting = started.get(name) ?? starters[name]();
  started.set(name, starting);
  return (await starting).url;
}
