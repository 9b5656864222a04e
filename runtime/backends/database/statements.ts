import type { CompiledQuery, Kysely, RawBuilder } from "kysely";
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
export function compileStatements(source: StatementSource): Statements {
  return { ...compileReads(source), ...compileWrites(source), ...compileSweeps(source) };
}

type Reads = "select" | "exists" | "isWritten" | "scan" | "listOfTenant" | "listWithoutTenant" | "find";
type Writes = "insert" | "update" | "touch" | "remove";

function compileReads({ client, table, columns, sql }: StatementSource): Pick<Statements, Reads> {
  const rows = client.selectFrom(table);
  const row = rows.where("id", "=", new Parameter("id"));
  const page = rows
    .select(everyColumn(columns))
    .where("id", ">", new Parameter("after id"))
    .orderBy("id")
    .limit(rowLimit(sql));
  const finds = Object.entries(columns).map(([field, { column }]): [string, Findings] => [
    field,
    {
      byValue: prepare(page.where(column, "=", new Parameter(column))),
      byNull: prepare(page.where(column, "is", null)),
    },
  ]);
  return {
    select: prepare(row.select(everyColumn(columns))),
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
  };
}

function compileWrites({ client, table, columns }: StatementSource): Pick<Statements, Writes> {
  const every = parametersFor(everyColumn(columns));
  const { id, expires_at, revision, ...others } = every;
  const update = client.updateTable(table).where("id", "=", id);
  return {
    insert: prepare(
      client
        .insertInto(table)
        .values(every)
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    update: prepare(
      update
        .set({ ...others, expires_at, revision })
        .where("revision", "=", new Parameter("previous revision")),
    ),
    touch: prepare(update.set({ expires_at }).where("revision", "=", revision)),
    remove: prepare(client.deleteFrom(table).where("id", "=", id)),
  };
}

function compileSweeps({
  client,
  table,
  sql,
}: StatementSource): Pick<Statements, "sweep" | "countLive" | "removeOldest"> {
  const rows = client.selectFrom(table);
  const remove = client.deleteFrom(table);
  const expiresAt = new Parameter("expires_at");
  const expired = rows.where("expires_at", "<=", expiresAt).orderBy("expires_at").limit(rowLimit(sql));
  const live = rows
    .where("tenant", "=", new Parameter("tenant"))
    .where("expires_at", ">", new Parameter("created_at"));
  const others = live.where("id", "!=", new Parameter("id"));
  const oldest = others.orderBy("created_at").orderBy("id").limit(rowLimit(sql));
  return {
    // The expiry is asked again: another process may have touched the session since it was looked up.
    sweep: prepare(remove.where("id", "in", expired.select("id")).where("expires_at", "<=", expiresAt)),
    countLive: prepare(live.select(sql`count(*)`.as("live"))),
    removeOldest: prepare(remove.where("id", "in", oldest.select("id"))),
  };
}

function everyColumn(columns: IndexColumns): string[] {
  return [...recordColumns, ...Object.values(columns).map(({ column }) => column)];
}

function rowLimit(sql: StatementSource["sql"]): RawBuilder<number> {
  return sql<number>`${new Parameter("row limit")}`;
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
