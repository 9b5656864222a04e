import { type IndexColumn, indexName } from "./index-columns.js";
import { quote } from "./literal.js";
import { type EmittedFile, generatedMark, type ImportExtension, siblingSpecifier } from "./source-file.js";

/** A step of the table's history, as the model file keeps it. */
export interface MigrationStep {
  /** `0001_create_sessions`: the file's name without its ending, and the name it is applied under. */
  readonly name: string;
  readonly table: string;
  readonly schema?: string;
  /** The columns that come with it; all of a new table, one of an added index. */
  readonly columns: readonly IndexColumn[];
}

/** The migration that creates the table with its indexes. */
export function createTableMigration(step: MigrationStep): EmittedFile {
  const columns = step.columns.map(columnCall);
  const indexes = ["tenant", "expires_at", ...step.columns.map(({ column }) => column)];
  return migration(
    step,
    `  const type = types[dialectOf(db)];
  await ${schemaOf(step)}
    .createTable(${quote(step.table)})
    .addColumn("id", type.key, (column) => column.primaryKey().notNull())
    .addColumn("tenant", type.key)
    .addColumn("revision", type.integer, (column) => column.notNull())
    .addColumn("write_id", type.text, (column) => column.notNull())
    .addColumn("created_at", type.integer, (column) => column.notNull())
    .addColumn("expires_at", type.integer, (column) => column.notNull())
    .addColumn("header", type.text, (column) => column.notNull())
    .addColumn("text", type.text)
    .addColumn("bytes", type.bytes)
${columns.map((call) => `    ${call}\n`).join("")}    .execute();
${indexes.map((column) => createIndex(step, column)).join("")}`,
    `  await ${schemaOf(step)}.dropTable(${quote(step.table)}).execute();\n`,
  );
}

/** The migration that adds a column for a new index, and fills it in for the sessions that are stored already. */
export function addIndexMigration(step: MigrationStep): EmittedFile {
  const table = quote(step.table);
  const adding = step.columns.map(
    (added) =>
      `  await ${schemaOf(step)}.alterTable(${table})${columnCall(added)}.execute();\n${createIndex(step, added.column)}`,
  );
  // No key is here to hash with; and what is not encrypted yet is not read any more.
  const filling = step.columns.filter(({ hashed }) => !hashed).map((column) => fillColumn(step, column));
  const dropping = step.columns.map(
    ({ column }) =>
      `${dropIndex(step, column)}  await ${schemaOf(step)}.alterTable(${table}).dropColumn(${quote(column)}).execute();\n`,
  );
  return migration(
    step,
    `  const type = types[dialectOf(db)];\n${adding.join("")}${filling.join("")}`,
    dropping.join(""),
  );
}

/** Sessions from before the index are found by it too. Their payload is JSON text; a value that was never set has no row in it. */
function fillColumn(step: MigrationStep, { field, column, type }: IndexColumn): string {
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

const postgresCast: Readonly<Record<IndexColumn["type"], string>> = {
  text: "text",
  integer: "bigint",
  real: "double precision",
  boolean: "boolean",
};

function sqlTag(expression: string): string {
  return `\${${expression}}`;
}

/** `migrations/index.ts`: every migration by name, imported statically, so that a bundler finds them. */
export function migrationIndex(names: readonly string[], extension: ImportExtension): EmittedFile {
  const variable = (name: string): string => `_${name}`;
  const imports = names.map(
    (name) => `import * as ${variable(name)} from ${quote(siblingSpecifier(name, extension))};\n`,
  );
  const content = `// ${generatedMark}: the migrations of this folder, in order. Do not edit: add a migration and run session-gen.

import type { Migration } from "kysely";
${imports.join("")}
/** Every migration by its name, for a Kysely \`Migrator\` in the app. \`session-gen migrate\` runs the same. */
export const migrations: Record<string, Migration> = {
${names.map((name) => `  ${quote(name)}: ${variable(name)},\n`).join("")}};
`;
  return { path: "index.ts", content };
}

function migration(step: MigrationStep, up: string, down: string): EmittedFile {
  const content = `import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
${up}}

export async function down(db: Kysely<unknown>): Promise<void> {
${down}}
${dialects}`;
  return { path: `${step.name}.ts`, content };
}

/** The same file works on each database, so that an app may have one here and another there. */
const dialects = `
/** The types of each database. A key is compared byte by byte. */
const types = {
  sqlite: {
    key: sql\`text\`,
    text: sql\`text\`,
    integer: sql\`integer\`,
    real: sql\`real\`,
    boolean: sql\`integer\`,
    bytes: sql\`blob\`,
  },
  postgres: {
    key: sql\`text collate "C"\`,
    text: sql\`text\`,
    integer: sql\`bigint\`,
    real: sql\`double precision\`,
    boolean: sql\`boolean\`,
    bytes: sql\`bytea\`,
  },
  mysql: {
    key: sql\`varbinary(1024)\`,
    text: sql\`longtext character set utf8mb4 collate utf8mb4_bin\`,
    integer: sql\`bigint\`,
    real: sql\`double\`,
    boolean: sql\`boolean\`,
    bytes: sql\`longblob\`,
  },
};

/** Tells the database by how it writes a name and a parameter. */
function dialectOf(db: Kysely<unknown>): keyof typeof types {
  const written = sql\`\${sql.ref("name")} \${1}\`.compile(db).sql;
  if (written.includes("$1")) return "postgres";
  return written.startsWith('"') ? "sqlite" : "mysql";
}
`;

function schemaOf({ schema }: MigrationStep): string {
  return schema === undefined ? "db.schema" : `db.withSchema(${quote(schema)}).schema`;
}

function tableName({ schema, table }: MigrationStep): string {
  return quote(schema === undefined ? table : `${schema}.${table}`);
}

function columnCall({ column, type }: IndexColumn): string {
  return `.addColumn(${quote(column)}, type.${type === "text" ? "key" : type})`;
}

/** With the id, by which pages are ordered, a page is read without sorting. */
function createIndex(step: MigrationStep, column: string): string {
  const columns =
    column === "expires_at" ? `.column(${quote(column)})` : `.columns([${quote(column)}, "id"])`;
  return `  await ${schemaOf(step)}
    .createIndex(${quote(indexName(step.table, column))})
    .on(${quote(step.table)})
    ${columns}
    .execute();
`;
}

/** In MySQL an index belongs to its table, elsewhere to the schema. */
function dropIndex(step: MigrationStep, column: string): string {
  const name = quote(indexName(step.table, column));
  return `  if (dialectOf(db) === "mysql") {
    await sql\`drop index ${sqlTag(`sql.ref(${name})`)} on ${sqlTag(`sql.table(${tableName(step)})`)}\`.execute(db);
  } else {
    await ${schemaOf(step)}.dropIndex(${name}).execute();
  }
`;
}
