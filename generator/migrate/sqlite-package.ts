/** What to install for SQLite on this version of Node: better-sqlite3 13 ends the process on Node below 22. */
export function sqlitePackage(nodeVersion: string): string {
  return Number.parseInt(nodeVersion, 10) < 22 ? "better-sqlite3@12" : "better-sqlite3";
}
