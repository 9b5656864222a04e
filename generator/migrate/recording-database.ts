import {
  type CompiledQuery,
  type Dialect,
  DummyDriver,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
} from "kysely";
import type { DialectName } from "./location.js";

/** A Kysely that runs nothing, answers nothing, and shows what it would have run. */
export function recordingDatabase(name: DialectName, show: (query: CompiledQuery) => void): Kysely<unknown> {
  const never = () => Promise.reject(new Error("never opened"));
  const dialect: Dialect = {
    sqlite: () => new SqliteDialect({ database: never }),
    postgres: () => new PostgresDialect({ pool: never }),
    mysql: () => new MysqlDialect({ pool: never }),
  }[name]();
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => new DummyDriver(),
    },
    log: ({ query }) => show(query),
  });
}
