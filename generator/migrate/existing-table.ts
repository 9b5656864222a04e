import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DialectName } from "./location.js";

/** Where a table is. */
export interface TablePlace {
  readonly table: string;
  readonly schema?: string | undefined;
}

/** A column as the database describes it. */
export interface ExistingColumn {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  readonly isKey: boolean;
}

/** The columns of a table; none when there is no such table. */
export async function existingColumns(
  db: Kysely<unknown>,
  dialect: DialectName,
  place: TablePlace,
): Promise<readonly ExistingColumn[]> {
  const { rows } = await columnQueries[dialect](place).execute(db);
  return rows.map(({ name, type, required, fallback, pk }) => ({
    name,
    type: type.toLowerCase(),
    isRequired: Number(required) !== 0,
    hasDefault: Number(fallback) !== 0,
    isKey: Number(pk) !== 0,
  }));
}

/** The names of a table's indexes. */
export async function existingIndexes(
  db: Kysely<unknown>,
  dialect: DialectName,
  place: TablePlace,
): Promise<readonly string[]> {
  const { rows } = await indexQueries[dialect](place).execute(db);
  return rows.map(({ name }) => name);
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly required: number | string | boolean;
  readonly fallback: number | string | boolean;
  readonly pk: number | string | boolean;
}

type Queries<Row> = Readonly<Record<DialectName, (place: TablePlace) => RawBuilder<Row>>>;

const columnQueries: Queries<ColumnRow> = {
  sqlite: ({ table, schema = "main" }) => sql`
    select name, type, "notnull" as required, dflt_value is not null as fallback, pk
    from pragma_table_info(${table}, ${schema})`,
  postgres: (place) => sql`
    select a.attname as name, t.typname as type, a.attnotnull as required, a.atthasdef as fallback,
      coalesce(a.attnum = any(i.indkey), false) as pk
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = to_regclass(${quotedPlace(place)}) and a.attnum > 0 and not a.attisdropped`,
  mysql: ({ table, schema }) => sql`
    select column_name as name, data_type as type, is_nullable = 'NO' as required,
      column_default is not null as fallback, column_key = 'PRI' as pk
    from information_schema.columns
    where table_schema = coalesce(${schema ?? null}, database()) and table_name = ${table}`,
};

const indexQueries: Queries<{ readonly name: string }> = {
  sqlite: ({ table, schema = "main" }) => sql`
    select name from ${sql.table(`${schema}.sqlite_master`)} where type = 'index' and tbl_name = ${table}`,
  postgres: (place) => sql`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass(${quotedPlace(place)})`,
  mysql: ({ table, schema }) => sql`
    select distinct index_name as name from information_schema.statistics
    where table_schema = coalesce(${schema ?? null}, database()) and table_name = ${table}`,
};

function quotedPlace({ table, schema }: TablePlace): string {
  return [...(schema === undefined ? [] : [schema]), table].map((name) => `"${name}"`).join(".");
}
