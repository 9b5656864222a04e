import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DialectName } from "../../../generator/migrate/location.js";

/** Columns and indexes as the database itself keeps them, apart from what the command notes of its steps. */
export async function catalogOf(db: Kysely<unknown>, dialect: DialectName): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const query of queries[dialect]) found.push(...(await query.execute(db)).rows);
  return found;
}

const queries: Readonly<Record<DialectName, readonly RawBuilder<unknown>[]>> = {
  sqlite: [
    sql`
      select tables.name as table_name, columns.name as column_name, columns.type, columns."notnull", columns.pk
      from sqlite_master tables, pragma_table_info(tables.name) columns
      where tables.type = 'table' and tables.name not like 'session_gen%' order by 1, 2`,
    sql`
      select tables.name as table_name, indexes.name as index_name, columns.seqno, columns.name as column_name
      from sqlite_master tables, pragma_index_list(tables.name) indexes, pragma_index_info(indexes.name) columns
      where tables.type = 'table' and tables.name not like 'session_gen%' order by 1, 2, 3`,
  ],
  postgres: [
    sql`
      select table_name, column_name, data_type, collation_name, is_nullable from information_schema.columns
      where table_schema = 'public' and table_name not like 'session_gen%' order by 1, 2`,
    sql`
      select indexdef from pg_indexes
      where schemaname = 'public' and tablename not like 'session_gen%' order by 1`,
  ],
  mysql: [
    sql`
      select table_name, column_name, column_type, collation_name, is_nullable from information_schema.columns
      where table_schema = database() and table_name not like 'session_gen%' order by 1, 2`,
    sql`
      select table_name, index_name, seq_in_index, column_name from information_schema.statistics
      where table_schema = database() and table_name not like 'session_gen%' order by 1, 2, 3`,
  ],
};
