import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "./client.js";
import type { IndexColumns, Row } from "./record-row.js";
import { recordColumns } from "./record-row.js";

/** Fills the parameters of a statement that was compiled once. */
export type Statement = (parameters: Row) => CompiledQuery<Row>;

/** Every statement of the backend. Parameters are named after their columns; the others have a blank in the name. */
export interface Statements {
  readonly insert: Statement;
  /** Takes `previous revision` too. */
  readonly update: Statement;
  readonly touch: Statement;
  readonly remove: Statement;
  readonly select: Statement;
  readonly exists: Statement;
  /** A row when this very write is the last one. */
  readonly isWritten: Statement;
  /** Those that page take `after id` and `row limit`. */
  readonly scan: Statement;
  readonly listOfTenant: Statement;
  readonly listWithoutTenant: Statement;
  /** By name of the field. */
  readonly find: ReadonlyMap<string, Findings>;
  /** Takes `row limit`, as does `removeOldest`. */
  readonly sweep: Statement;
  /** Of a `tenant`, those still alive at `created_at`: what is over by then takes no room. */
  readonly countLive: Statement;
  /** The same, oldest first, but for `id`. */
  readonly removeOldest: Statement;
}

export interface Findings {
  readonly byValue: Statement;
  readonly byNull: Statement;
}

export interface StatementSource {
  /** Without plug-ins: a plug-in that renames columns would not know ours. */
  readonly client: Kysely<Tables>;
  readonly table: string;
  readonly columns: IndexColumns;
  readonly sql: typeof import("kysely").sql;
}

/** Stands in a query for a value that each call brings. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Compiles everything once. */
export function compileStatements({ client, table, columns, sql }: StatementSource): Statements {
  const rowLimit = sql<number>`${new Parameter("row limit")}`;
  const everyColumn = [...recordColumns, ...Object.values(columns).map(({ column }) => column)];
  const replaced = everyColumn.filter((column) => column !== "id");
  const id = new Parameter("id");
  const expiresAt = new Parameter("expires_at");

  const rows = client.selectFrom(table);
  const row = rows.where("id", "=", id);
  const page = rows
    .select(everyColumn)
    .where("id", ">", new Parameter("after id"))
    .orderBy("id")
    .limit(rowLimit);
  const live = rows
    .where("tenant", "=", new Parameter("tenant"))
    .where("expires_at", ">", new Parameter("created_at"));
  const expired = rows.where("expires_at", "<=", expiresAt).orderBy("expires_at").limit(rowLimit);
  const oldest = live.where("id", "!=", id).orderBy("created_at").orderBy("id").limit(rowLimit);
  const update = client.updateTable(table).where("id", "=", id);
  const remove = client.deleteFrom(table);
  const finds = Object.entries(columns).map(([field, { column }]): [string, Findings] => [
    field,
    {
      byValue: prepare(page.where(column, "=", new Parameter(column))),
      byNull: prepare(page.where(column, "is", null)),
    },
  ]);

  return {
    insert: prepare(
      client
        .insertInto(table)
        .values(parametersFor(everyColumn))
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    update: prepare(
      update.set(parametersFor(replaced)).where("revision", "=", new Parameter("previous revision")),
    ),
    touch: prepare(update.set({ expires_at: expiresAt }).where("revision", "=", new Parameter("revision"))),
    remove: prepare(remove.where("id", "=", id)),
    select: prepare(row.select(everyColumn)),
    exists: prepare(row.select("id")),
    isWritten: prepare(
      row
        .select("id")
        .where("revision", "=", new Parameter("revision"))
        .where("write_id", "=", new Parameter("write_id")),
    ),
    scan: prepare(page),
    listOfTenant: prepare(page.where("tenant", "=", new Parameter("tenant"))),
    listWithoutTenant: prepare(page.where("tenant", "is", null)),
    find: new Map(finds),
    // The expiry is asked again: another process may have touched the session since it was looked up.
    sweep: prepare(remove.where("id", "in", expired.select("id")).where("expires_at", "<=", expiresAt)),
    countLive: prepare(live.select(sql`count(*)`.as("live"))),
    removeOldest: prepare(remove.where("id", "in", oldest.select("id"))),
  };
}

function parametersFor(columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, new Parameter(column)]));
}

function prepare(query: { compile(): CompiledQuery<unknown> }): Statement {
  const { query: node, queryId, sql, parameters } = query.compile();
  return (values) => ({
    query: node,
    queryId,
    sql,
    parameters: parameters.map((value) => (value instanceof Parameter ? values[value.name] : value)),
  });
}
