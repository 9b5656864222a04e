import type { DatabaseLocation, DialectName } from "./location.js";
import type { MigrationDatabase } from "./migration-database.js";
import { openMysql } from "./mysql-database.js";
import { openPostgres } from "./postgres-database.js";
import { hasSqlite, openSqlite } from "./sqlite-database.js";

/** Opens a database of the project to migrate it, at a url that `resolveUrl` has looked at. */
export function openDatabase(dialect: DialectName, location: DatabaseLocation): MigrationDatabase {
  return { sqlite: openSqlite, postgres: openPostgres, mysql: openMysql }[dialect](location);
}

/** Whether there is a database to look into: of a server that is not known before it is asked. */
export function hasDatabase(dialect: DialectName, url: string): boolean {
  return dialect !== "sqlite" || hasSqlite(url);
}
