import type { AliasedRawBuilder, CompiledQuery, Kysely, RawBuilder } from "kysely";
import type { Tables } from "./client.js";
import type { DatabaseDialect } from "./dialect.js";
import type { IndexColumns, Row } from "./record-row.js";
import { recordColumns } from "./record-row.js";

/** Fills the parameters of a statement that was compiled once. */
export type Statement = (parameters: Row) => CompiledQuery<Row>;

/** Every statement of the backend. Parameters are named after their columns; the others have a blank in the name. */
export interface Statements {
  readonly insert: Statement;
  /** Takes `previous revision` too. */
  readonly update: Statement;
  /** The same without the expiry. */
  readonly updateInTime: Statement;
  readonly touch: Statement;
  readonly remove: Statement;
  /** The records of some ids, of which there are at most as many as the dialect looks for at once. */
  readonly selectSome: (ids: readonly string[]) => CompiledQuery<Row>;
  readonly exists: Statement;
  /** A row when this very write is the last one. */
  readonly isWritten: Statement;
  /** A row when the expiry is there already, at that revision. */
  readonly isTouched: Statement;
  /** Those that page take `after id` and `row limit`. */
  readonly scan: Statement;
  readonly listOfTenant: Statement;
  readonly listWithoutTenant: Statement;
  /** By name of the field. */
  readonly find: ReadonlyMap<string, Findings>;
  /** Takes `row limit`, as do the next one and `listOldest`. */
  readonly sweep: Statement;
  /** The ids of expired rows that nobody is writing; nobody can until the transaction ends. */
  readonly lockExpired: Statement;
  /** Of a `tenant`, those still alive at `created_at`: what is over by then takes no room. */
  readonly countLive: Statement;
  /** The same, oldest first, but for `id`. */
  readonly listOldest: Statement;
}

/** The statements that find by one index: `null` is asked for in another way. */
export interface Findings {
  readonly byValue: Statement;
  readonly byNull: Statement;
}

/** What statements are compiled of. */
export interface StatementSource {
  /** Without plug-ins: a plug-in that renames columns would not know ours. */
  readonly client: Kysely<Tables>;
  readonly table: string;
  readonly columns: IndexColumns;
  readonly dialect: DatabaseDialect;
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

type Reads =
  | "selectSome"
  | "exists"
  | "isWritten"
  | "isTouched"
  | "scan"
  | "listOfTenant"
  | "listWithoutTenant"
  | "find";
type Writes = "insert" | "update" | "updateInTime" | "touch" | "remove";

function compileReads(source: StatementSource): Pick<Statements, Reads> {
  const { client, table, columns, dialect, sql } = source;
  const prepare = preparing(dialect);
  const rows = client.selectFrom(table);
  const row = rows.where("id", "=", new Parameter("id"));
  const page = rows
    .select(everyValue(source))
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
    selectSome: selectSome(source),
    exists: prepare(row.select("id")),
    isWritten: prepare(
      row
        .select("id")
        .where("revision", "=", new Parameter("revision"))
        .where("write_id", "=", new Parameter("write_id")),
    ),
    isTouched: prepare(
      row
        .select("id")
        .where("revision", "=", new Parameter("revision"))
        .where("expires_at", "=", new Parameter("expires_at")),
    ),
    scan: prepare(page),
    listOfTenant: prepare(page.where("tenant", "=", new Parameter("tenant"))),
    listWithoutTenant: prepare(page.where("tenant", "is", null)),
    find: new Map(finds),
  };
}

/** A statement for one id, for two, four and so on: a server keeps few, and what is missing is filled up with the last id. */
function selectSome(source: StatementSource): Statements["selectSome"] {
  const { client, table, dialect } = source;
  const prepare = preparing(dialect);
  const rows = client.selectFrom(table).select(everyValue(source));
  const bySize: Statement[] = [prepare(rows.where("id", "=", new Parameter("0")))];
  for (let size = 2; size <= dialect.mostTogether; size *= 2) {
    const parameters = Array.from({ length: size }, (_, at) => new Parameter(String(at)));
    bySize.push(prepare(rows.where("id", "in", parameters)));
  }
  return (ids) => {
    const power = Math.ceil(Math.log2(ids.length));
    const statement = bySize[power];
    if (statement === undefined) throw new RangeError(`No statement looks for ${ids.length} ids.`);
    const values: Record<string, unknown> = {};
    for (let at = 0; at < 2 ** power; at += 1) values[at] = ids[Math.min(at, ids.length - 1)];
    return statement(values);
  };
}

function compileWrites({ client, table, columns, dialect }: StatementSource): Pick<Statements, Writes> {
  const prepare = preparing(dialect);
  const every = parametersFor(everyColumn(columns));
  const { id, expires_at, revision, ...others } = every;
  const update = client.updateTable(table).where("id", "=", id);
  const replace = update.where("revision", "=", new Parameter("previous revision"));
  const insert = client.insertInto(table).values(every);
  return {
    insert: prepare(
      dialect.hasOnConflict ? insert.onConflict((conflict) => conflict.column("id").doNothing()) : insert,
    ),
    update: prepare(replace.set({ ...others, expires_at, revision })),
    updateInTime: prepare(replace.set({ ...others, revision })),
    touch: prepare(update.set({ expires_at }).where("revision", "=", revision)),
    remove: prepare(client.deleteFrom(table).where("id", "=", id)),
  };
}

type Sweeps = "sweep" | "lockExpired" | "countLive" | "listOldest";

function compileSweeps(source: StatementSource): Pick<Statements, Sweeps> {
  const { client, table, dialect, sql } = source;
  const prepare = preparing(dialect);
  const rows = client.selectFrom(table);
  const remove = client.deleteFrom(table);
  const expiresAt = new Parameter("expires_at");
  const expired = rows
    .select("id")
    .where("expires_at", "<=", expiresAt)
    .orderBy("expires_at")
    .limit(rowLimit(sql));
  const unlocked = expired.forUpdate().skipLocked();
  const swept = dialect.isAmong(dialect.sweeping === "plain" ? expired : unlocked, sql);
  const live = rows
    .where("tenant", "=", new Parameter("tenant"))
    .where("expires_at", ">", new Parameter("created_at"));
  const others = live.where("id", "!=", new Parameter("id"));
  const oldest = others.select(everyValue(source)).orderBy("created_at").orderBy("id").limit(rowLimit(sql));
  return {
    // The expiry is asked again: another process may have touched the session since it was looked up.
    sweep: prepare(remove.where(swept).where("expires_at", "<=", expiresAt)),
    lockExpired: prepare(unlocked),
    countLive: prepare(live.select(sql`count(*)`.as("live"))),
    listOldest: prepare(oldest),
  };
}

function everyColumn(columns: IndexColumns): string[] {
  return [...recordColumns, ...Object.values(columns).map(({ column }) => column)];
}

/** The same, as a row is read. */
function everyValue({
  columns,
  dialect,
  sql,
}: StatementSource): (string | AliasedRawBuilder<unknown, string>)[] {
  const { readText } = dialect;
  if (readText === undefined) return everyColumn(columns);
  return everyColumn(columns).map((column) => (column === "text" ? readText(sql).as(column) : column));
}

function rowLimit(sql: StatementSource["sql"]): RawBuilder<number> {
  return sql<number>`${new Parameter("row limit")}`;
}

function parametersFor(columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, new Parameter(column)]));
}

function preparing({
  toStored,
}: DatabaseDialect): (query: { compile(): CompiledQuery<unknown> }) => Statement {
  return (query) => {
    const { query: node, queryId, sql, parameters } = query.compile();
    return (values) => ({
      query: node,
      queryId,
      sql,
      parameters: parameters.map((parameter) => {
        const value = parameter instanceof Parameter ? values[parameter.name] : parameter;
        return typeof value === "string" ? toStored(value) : value;
      }),
    });
  };
}
