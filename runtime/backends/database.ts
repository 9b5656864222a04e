import { SessionError } from "../platform/errors.js";
import { KeyedQueue } from "../platform/keyed-queue.js";
import type {
  BackendAbilities,
  Findable,
  FindQuery,
  Limited,
  Listable,
  RecordPage,
  Scannable,
  SessionBackend,
  SessionRecord,
  Sweepable,
} from "../types/backend.js";
import { createAtOnce } from "./database/at-once.js";
import { type Connection, createConnection, type OpenConnection } from "./database/connection.js";
import { createTable } from "./database/create-table.js";
import { assertDatabaseOptions, type DatabaseBackendOptions } from "./database/database-options.js";
import type { DatabaseDialect } from "./database/dialect.js";
import { createWithin, type LimitedTable } from "./database/limit.js";
import { mysql } from "./database/mysql.js";
import { postgres } from "./database/postgres.js";
import {
  fits,
  type IndexColumns,
  type Row,
  recordColumns,
  toRecord,
  toStored,
} from "./database/record-row.js";
import { publicPlace } from "./database/server-url.js";
import { sqlite } from "./database/sqlite.js";
import type { Statement } from "./database/statements.js";
import { deleteExpired, sweepInSteps } from "./database/sweep.js";
import { loadTogether } from "./database/turn-loads.js";
import { create, hasChanged, hasRow, save, touch } from "./database/writes.js";
import { createEvictions } from "./evictions.js";

export type { DatabaseClient } from "./database/client.js";
export type { DatabaseBackendOptions } from "./database/database-options.js";
export type { IndexColumn } from "./database/record-row.js";

/** A database can do everything. */
export interface DatabaseAbilities extends BackendAbilities {
  readonly find: Findable;
  readonly list: Listable;
  readonly scan: Scannable;
  readonly sweep: Sweepable;
  readonly limit: Limited;
}

/** Sessions in a table. */
export interface DatabaseBackend extends SessionBackend<DatabaseAbilities> {
  /** Creates the table and its indexes where they are missing: for tests and trials, where no migration has run. */
  createTable(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps sessions in a table, by Kysely. Opens nothing and reads no `env` before first use.
 * Compare-and-swap is one `UPDATE` and holds across processes. A record of plain JSON stands in the column `text`,
 * any other in `bytes`.
 *
 * Throws `SessionError` `"config"` for a name that is no plain identifier; calls reject with `"config"` when a
 * package, the table or a column is missing, and with `"unavailable"` when the database fails.
 */
export function createDatabaseBackend(options: DatabaseBackendOptions): DatabaseBackend {
  assertDatabaseOptions(options);
  const { url, kysely, schema, table = "sessions", formerTables = [], columns = {} } = options;
  assertNames([table, ...formerTables, schema ?? "main"], columns);
  if (url === undefined && kysely === undefined) {
    throw new SessionError(
      "config",
      "A database backend needs a url, or a Kysely instance as the option kysely.",
    );
  }
  const dialect = dialects[options.dialect];
  const { use, useNow, close } = createConnection({
    ...{ dialect, url: url ?? "", kysely, schema },
    ...{ table, formerTables, columns },
  });
  const place = toPlace(options);
  const evictions = createEvictions();
  return {
    atomicity: "store",
    ...(place !== undefined && { place }),
    create: (record) => use((connection) => create(connection, record, columns)),
    load: createLoad(use, columns, dialect),
    ...(dialect.isSynchronous && createAtOnce(useNow, columns)),
    save: (record, options) => use((connection) => save(connection, record, { columns, options })),
    touch: (id, revision, expiresAt) => use((connection) => touch(connection, id, revision, expiresAt)),
    delete: (id) => use(async ({ run, statements }) => hasChanged(await run(statements.remove({ id })))),
    exists: (id) => use(async ({ run, statements }) => hasRow(await run(statements.exists({ id })))),
    createTable: () => use((connection) => createTable(connection, { dialect, table, columns })),
    onEviction: evictions.onEviction,
    close,
    abilities: createAbilities(use, { columns, evictions, turns: new KeyedQueue() }, dialect),
  };
}

/** A server is asked for all records of a turn of the event loop at once. */
function createLoad(
  use: Connection["use"],
  columns: IndexColumns,
  dialect: DatabaseDialect,
): SessionBackend["load"] {
  const loadSome = (ids: readonly string[]): Promise<readonly SessionRecord[]> =>
    use(async ({ run, statements }) => {
      const { rows } = await run(statements.selectSome(ids));
      return rows.map((row) => toRecord(row, columns, dialect));
    });
  if (dialect.mostTogether > 1) return loadTogether(dialect.mostTogether, loadSome);
  return async (id) => (await loadSome([id]))[0] ?? null;
}

function createAbilities(
  use: Connection["use"],
  limited: LimitedTable,
  dialect: DatabaseDialect,
): DatabaseAbilities {
  const { columns } = limited;
  return {
    find: { find: (query) => use((connection) => find(connection, query, columns)) },
    list: {
      list: (query) =>
        use((connection) => {
          const { listOfTenant, listWithoutTenant } = connection.statements;
          const statement = query.tenant === null ? listWithoutTenant : listOfTenant;
          return readPage(connection, { statement, row: { tenant: query.tenant }, walk: query, columns });
        }),
    },
    scan: {
      scan: (query) =>
        use((connection) =>
          readPage(connection, { statement: connection.statements.scan, row: {}, walk: query, columns }),
        ),
    },
    sweep: {
      deleteExpired: (now, limit) =>
        sweepInSteps(dialect, limit, (size) => use((connection) => deleteExpired(connection, now, size))),
    },
    limit: {
      createWithin: (record, limit, options) =>
        use((connection) => createWithin(connection, record, limit, { ...limited, signal: options?.signal })),
    },
  };
}

async function find(
  connection: OpenConnection,
  query: FindQuery,
  columns: IndexColumns,
): Promise<RecordPage> {
  const { field, value } = query;
  const index = Object.hasOwn(columns, field) ? columns[field] : undefined;
  const findings = connection.statements.find.get(field);
  if (index === undefined || findings === undefined) {
    throw new SessionError(
      "config",
      `The database has no column for the field ${field}: it is not among the indexes.`,
    );
  }
  // The database would convert the value to the column's type, and find 42 for "42".
  if (!fits(value, index.type)) return { records: [] };
  const statement = value === null ? findings.byNull : findings.byValue;
  const stored = toStored(value, connection.dialect.hasBooleans && index.type === "boolean");
  return readPage(connection, { statement, row: { [index.column]: stored }, walk: query, columns });
}

interface PageQuery {
  readonly statement: Statement;
  readonly row: Row;
  readonly walk: { readonly after?: string; readonly limit: number };
  readonly columns: IndexColumns;
}

/** One row more than asked for tells whether there is a next page. */
async function readPage(
  { client, dialect }: OpenConnection,
  { statement, row, walk, columns }: PageQuery,
): Promise<RecordPage> {
  const parameters = { ...row, "after id": walk.after ?? "", "row limit": walk.limit + 1 };
  const { rows } = await client.executeQuery(statement(parameters));
  const records = rows.slice(0, walk.limit).map((found) => toRecord(found, columns, dialect));
  const last = records.at(-1);
  return rows.length > walk.limit && last !== undefined ? { records, next: last.id } : { records };
}

const dialects: Readonly<Record<DatabaseBackendOptions["dialect"], DatabaseDialect>> = {
  sqlite,
  postgres,
  mysql,
};

/** The app's own Kysely may be another one next time. The url is named as it is written, since env is read later. */
function toPlace({
  dialect,
  url,
  kysely,
  schema,
  table,
  columns,
}: DatabaseBackendOptions): string | undefined {
  if (kysely !== undefined || url === undefined) return undefined;
  const place = dialect === "sqlite" ? url : publicPlace(url);
  return place === undefined ? undefined : JSON.stringify([dialect, place, schema, table, columns]);
}

/** Names cannot be parameters, so they must be plain, and each column must have its own. */
function assertNames(names: readonly string[], columns: IndexColumns): void {
  const indexed = Object.values(columns).map(({ column }) => column);
  for (const name of [...names, ...indexed]) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    throw new SessionError(
      "config",
      `"${name}" is no name for a table or column: letters, digits and _ only.`,
    );
  }
  const every = [...recordColumns, ...indexed].map((column) => column.toLowerCase());
  const twice = every.find((column, at) => every.indexOf(column) !== at);
  if (twice === undefined) return;
  throw new SessionError("config", `The column ${twice} is there twice; an index needs a column of its own.`);
}
