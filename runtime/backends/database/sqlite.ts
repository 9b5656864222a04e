import module from "node:module";
import { type EnvReference, readFrom, resolveText } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";
import { importPeer, peerFault } from "../../platform/peer.js";
import { type DatabaseDialect, hasCode } from "./dialect.js";
import { urlOption } from "./server-url.js";
import { openSqlite, type SqliteFile } from "./sqlite-connection.js";
import { busyTimeout } from "./sqlite-patience.js";

const option = 'database({ dialect: "sqlite" })';

/**
 * SQLite by better-sqlite3, in WAL mode with `synchronous = NORMAL`: an acknowledged write survives the death of
 * the process, `kill -9` included. When the machine loses power the last ones may be undone, and the file stays
 * whole; whoever needs them gives a Kysely of his own with `synchronous = FULL`.
 */
export const sqlite: DatabaseDialect = {
  types: { key: "text", text: "text", integer: "integer", real: "real", boolean: "integer", bytes: "blob" },
  hasBooleans: false,
  longestKey: Number.POSITIVE_INFINITY,
  hasOnConflict: true,
  hasIndexIfNotExists: true,
  // There is one writer at a time, and it does not wait for rows.
  sweeping: "plain",
  isSynchronous: true,
  // Nothing is saved by it, as nobody is asked over a wire.
  mostTogether: 1,

  open: async (text) => {
    const url = toPath(text);
    const kysely = await importPeer({
      name: "kysely",
      option,
      load: () => import("kysely"),
    });
    assertNode(installed("better-sqlite3/package.json"), process.versions.node);
    const Database = await importDriver();
    const database = openFile(url, () => new Database(url, { timeout: busyTimeout }));
    try {
      await useWriteAheadLog(database);
      return openSqlite(kysely, database);
    } catch (cause) {
      database.close();
      throw new SessionError("unavailable", `The SQLite database ${url} cannot be used.`, { cause });
    }
  },

  toStored: (text) => text,
  fromStored: String,
  isTaken: () => false,
  isAmong: (rows, sql) => sql`${sql.ref("id")} in ${rows}`,
  alone: (client, _name, work) => client.transaction().execute(work),
  isTransient: () => false,
  mayBeMissing: (error) => hasCode(error, "SQLITE_ERROR"),
  // Its columns take values of any type, but for STRICT tables and a rowid.
  isMistyped: (error) => hasCode(error, "SQLITE_MISMATCH", "SQLITE_CONSTRAINT_DATATYPE"),

  columnsOf: async (client, table, schema) => {
    const { sql } = await import("kysely");
    const { rows } = await sql<{ name: string }>`
      select name from pragma_table_info(${table}, ${schema ?? "main"})`.execute(client);
    return rows.map(({ name }) => name);
  },

  // Its messages name tables and columns, never values.
  toCause: (error) => error,
};

async function importDriver(): Promise<typeof import("better-sqlite3")> {
  try {
    return (await import("better-sqlite3")).default;
  } catch (cause) {
    throw peerFault({ name: "better-sqlite3", option }, cause);
  }
}

/** `postgres://…`, `file:…`, `sqlite:…`: what another library would take. It may hold a password. */
const uri = /^(?:[a-z][a-z0-9+.-]+:\/\/|file:|sqlite:)/i;

/** What is wrong with the compiled part of better-sqlite3, by what opening a file said; `undefined` when nothing is. */
function buildFault(reason: string): string | undefined {
  if (reason.includes("NODE_MODULE_VERSION"))
    return `The package better-sqlite3 was built for another version of Node than this, ${process.versions.node}: npm rebuild better-sqlite3.`;
  if (reason.includes("supported in Bun")) return notOnBun;
  if (reason.includes("Deno does not support"))
    return "Deno loads better-sqlite3 from version 13 on: npm install better-sqlite3@13.";
  return /bindings file|\.node\b/.test(reason) ? notBuilt : undefined;
}

const notOnBun =
  "Bun loads no better-sqlite3: give createSessions a Kysely over bun:sqlite, createSessions({ kysely }), or declare another backend.";

const notBuilt =
  "The package better-sqlite3 is installed but not built: its install script did not run. Allow it (npm approve-scripts better-sqlite3), then npm rebuild better-sqlite3. Or it is in a bundle, which has to leave it outside.";

/** What a manifest says, as far as it can be found. */
function installed(manifest: string): { readonly version?: unknown; readonly engines?: unknown } {
  try {
    // Imported by its own name, webpack and Rspack look into what it makes, and warn of what they cannot follow.
    return module.createRequire(import.meta.url)(manifest);
  } catch {
    return {};
  }
}

/** On a Node below what it says better-sqlite3 ends the process, without a word: 13 does on Node 20. */
function assertNode({ version, engines }: ReturnType<typeof installed>, node: string): void {
  const wanted = typeof engines === "object" && engines !== null && "node" in engines ? engines.node : "";
  const least = /^>=(\d+)/.exec(String(wanted))?.[1];
  if (least === undefined || Number(least) <= Number.parseInt(node, 10)) return;
  throw new SessionError(
    "config",
    `better-sqlite3 ${version} needs Node ${least} or later, and this is ${node}. Install an older one: npm install better-sqlite3@12`,
  );
}

function toPath(text: string | EnvReference): string {
  const path = resolveText(text, urlOption);
  if (!uri.test(path)) return path;
  throw new SessionError(
    "config",
    `The url of an SQLite database is a file path or ":memory:", not a URI.${readFrom(text)}`,
  );
}

function openFile<T>(url: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    const fault = buildFault(reason);
    if (fault !== undefined) throw new SessionError("config", fault, { cause });
    const advice = "Check that its folder exists and can be written to.";
    throw new SessionError("config", `The SQLite database ${url} cannot be opened. ${advice}`, { cause });
  }
}

/** When several processes turn the log on for the first time at once, SQLite does not wait but refuses all but one. */
async function useWriteAheadLog(database: SqliteFile): Promise<void> {
  const end = Date.now() + busyTimeout;
  for (;;) {
    try {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = NORMAL");
      return;
    } catch (error) {
      if (Date.now() > end || !hasCode(error, "SQLITE_BUSY")) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
