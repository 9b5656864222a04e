import type { ColumnType } from "./index-columns.js";
import { quote } from "./literal.js";
import {
  columnCall,
  createIndex,
  type MigrationStep,
  type StepColumn,
  schemaOf,
  sqlTag,
  tableName,
} from "./migration-text.js";

/** Adds columns with their indexes, and fills them in. */
export function addColumns(step: MigrationStep): string {
  const adding = step.columns.map(
    (added) =>
      `  await ${schemaOf(step)}.alterTable(${quote(step.table)})${columnCall(added)}.execute();\n${createIndex(step, added)}`,
  );
  // No key is here to hash with; and what is not encrypted yet is not read any more.
  const filling = step.columns.filter(({ hashed }) => !hashed).map((column) => fillColumn(step, column));
  return `  const type = types[dialectOf(db)];\n${adding.join("")}${filling.join("")}`;
}

/** Drops columns with their indexes. */
export function dropColumns(step: MigrationStep): string {
  const dropping = step.columns.map(
    (dropped) =>
      `${dropIndex(step, dropped)}  await ${schemaOf(step)}.alterTable(${quote(step.table)}).dropColumn(${quote(dropped.column)}).execute();\n`,
  );
  return dropping.join("");
}

/** Sessions from before the index are found by it too. Their payload is JSON text; a value that was never set has no row in it. */
function fillColumn(step: MigrationStep, { field, column, type }: StepColumn): string {
  const target = sqlTag(`sql.table(${tableName(step)})`);
  const [name, cast] = [sqlTag(`sql.lit(${quote(field)})`), postgresCast[type]];
  const path = sqlTag(`sql.lit(${quote(`$.fields.${JSON.stringify(field)}`)})`);
  const found = `json_extract(text, ${path})`;
  const scalar = `json_unquote(${found})${type === "boolean" ? " = 'true'" : ""}`;
  const inMysql = `if(json_type(${found}) = 'NULL', null, ${scalar})`;
  return `  const value = {
    sqlite: sql\`(select value from json_each("text", '$.fields') where key = ${name})\`,
    postgres: sql\`("text"::json -> 'fields' ->> ${name})::${cast}\`,
    mysql: sql\`${inMysql}\`,
  }[dialectOf(db)];
  // No JSON of PostgreSQL's holds U+0000; a session that has one is indexed when it is next saved.
  const isReadable = {
    sqlite: sql\`json_valid("text")\`,
    postgres: sql\`position(${sqlTag('sql.lit("\\\\u0000")')} in "text") = 0\`,
    mysql: sql\`json_valid(text)\`,
  }[dialectOf(db)];
  await sql\`update ${target} set ${sqlTag(`sql.ref(${quote(column)})`)} = ${sqlTag("value")} where ${sqlTag("isReadable")}\`.execute(db);
`;
}

const postgresCast: Readonly<Record<ColumnType, string>> = {
  text: "text",
  integer: "bigint",
  real: "double precision",
  boolean: "boolean",
};

/** In MySQL an index belongs to its table, elsewhere to the schema. */
function dropIndex(step: MigrationStep, { index }: StepColumn): string {
  const name = quote(index);
  return `  if (dialectOf(db) === "mysql") {
    await sql\`drop index ${sqlTag(`sql.ref(${name})`)} on ${sqlTag(`sql.table(${tableName(step)})`)}\`.execute(db);
  } else {
    await ${schemaOf(step)}.dropIndex(${name}).execute();
  }
`;
}
