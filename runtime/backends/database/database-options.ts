import type { EnvReference } from "../../platform/env.js";
import {
  assertTypes,
  group,
  listOf,
  type OptionTypes,
  oneOf,
  plainText,
  text,
  withMethods,
} from "../../platform/options.js";
import type { DatabaseClient } from "./client.js";
import type { IndexColumn } from "./record-row.js";

/** Options of `createDatabaseBackend`. */
export interface DatabaseBackendOptions {
  /** `"mysql"` is MariaDB's too. */
  readonly dialect: "sqlite" | "postgres" | "mysql";
  /** `postgres://…`, `mysql://…`; SQLite: a file path or `":memory:"`. Read at first use. Needed unless `kysely` is given. */
  readonly url?: string | EnvReference;
  /** The app's own Kysely, whatever its tables: it is not closed here. Its plug-ins are not used. */
  readonly kysely?: DatabaseClient | undefined;
  /** The schema the table is in; for MySQL a database, for SQLite an attached one. */
  readonly schema?: string;
  /** `"sessions"` when left out. */
  readonly table?: string;
  /** What the table was called before: it is used under such a name until it has been renamed. */
  readonly formerTables?: readonly string[];
  /** The columns of the indexed fields, by name of the field. */
  readonly columns?: Readonly<Record<string, IndexColumn>>;
}

const types: OptionTypes<DatabaseBackendOptions> = {
  ...{ dialect: oneOf("sqlite", "postgres", "mysql"), url: text, schema: plainText, table: plainText },
  ...{ formerTables: listOf(plainText), columns: group },
  kysely: withMethods("a Kysely", "executeQuery", "transaction", "withoutPlugins"),
};

/** Throws `SessionError` `"config"` for an option of another type. */
export function assertDatabaseOptions(options: DatabaseBackendOptions): void {
  assertTypes("createDatabaseBackend", options, types);
}
