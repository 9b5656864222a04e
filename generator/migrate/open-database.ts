import { CommandError } from "../command.js";
import type { DatabaseLocation, DialectName } from "./location.js";
import type { MigrationDatabase } from "./migration-database.js";
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

/** `postgres://…`, `file:…`, `sqlite:…`: what is no path. */
const uri = /^(?:[a-z][a-z0-9+.-]+:\/\/|file:|sqlite:)/i;

function assertUrl(dialect: DialectName, url: string): void {
  if (dialect === "sqlite") {
    if (uri.test(url))
      throw new CommandError('The url of an SQLite database is a file path or ":memory:", not a URI.');
    return;
  }
  const servers = {
    postgres: { protocol: /^postgres(?:ql)?:\/\//i, name: "PostgreSQL" },
    mysql: { protocol: /^(?:mysql|mariadb):\/\//i, name: "MySQL" },
  };
  const { protocol, name } = servers[dialect];
  if (protocol.test(url) && URL.canParse(url)) return;
  throw new CommandError(`The url of a ${name} database is like ${dialect}://user:password@host/database.`);
}
