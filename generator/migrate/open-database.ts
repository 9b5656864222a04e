import { type Dialect, DummyDriver, Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from "kysely";
import { CommandError } from "../command.js";
import type { DatabaseLocation, DialectName } from "./location.js";
import type { MigrationDatabase } from "./migrator.js";
import { openMysql } from "./mysql-database.js";
import { openPostgres } from "./postgres-database.js";
import { hasSqlite, openSqlite } from "./sqlite-database.js";

/** Opens a database of the project to migrate it. Throws `CommandError` without repeating the url: it may hold a password. */
export function openDatabase(dialect: DialectName, location: DatabaseLocation): MigrationDatabase {
  assertUrl(dialect, location.url);
  return { sqlite: openSqlite, postgres: openPostgres, mysql: openMysql }[dialect](location);
}

/** Whether there is a database to look into: of a server that is not known before it is asked. */
export function hasDatabase(dialect: DialectName, url: string): boolean {
  assertUrl(dialect, url);
  return dialect !== "sqlite" || hasSqlite(url);
}

/** A Kysely that runs nothing and shows the SQL it would have run. */
export function printingDatabase(name: DialectName, print: (sql: string) => void): Kysely<unknown> {
  const never = () => Promise.reject(new Error("never opened"));
  const dialect: Dialect = {
    sqlite: () => new SqliteDialect({ database: never }),
    postgres: () => new PostgresDialect({ pool: never }),
    mysql: () => new MysqlDialect({ pool: never }),
  }[name]();
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => new DummyDriver(),
    },
    log: ({ query }) => print(query.sql),
  });
}

/** `postgres://…`, `file:…`, `sqlite:…`: what is no path. */
const uri = /^(?:[a-z][a-z0-9+.-]+:\/\/|file:|sqlite:)/i;

function assertUrl(dialect: DialectName, url: string): void {
  if (dialect === "sqlite") {
    if (uri.test(url))
      throw new CommandError('The url of an SQLite database is a file path or ":memory:", not a URI.');
    return;
  }
  const servers = {
    postgres: { protocol: /^postgres(?:ql)?:\/\//, name: "PostgreSQL" },
    mysql: { protocol: /^(?:mysql|mariadb):\/\//, name: "MySQL" },
  };
  const { protocol, name } = servers[dialect];
  if (protocol.test(url) && URL.canParse(url)) return;
  throw new CommandError(`The url of a ${name} database is like ${dialect}://user:password@host/database.`);
}
