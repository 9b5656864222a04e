import type { IndexColumn } from "./index-columns.js";
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
  const columns = step.columns.map(({ column, type }) => columnCall(column, type));
  const indexes = ["tenant", "expires_at", ...step.columns.map(({ column }) => column)];
  return migration(
    step,
    `  await ${schemaOf(step)}
    .createTable(${quote(step.table)})
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("tenant", "text")
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("write_id", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addColumn("header", "text", (column) => column.notNull())
    .addColumn("text", "text")
    .addColumn("bytes", "blob")
${columns.map((call) => `    ${call}\n`).join("")}    .execute();
${indexes.map((column) => createIndex(step, column)).join("")}`,
    `  await ${schemaOf(step)}.dropTable(${quote(step.table)}).execute();\n`,
  );
}

/** The migration that adds a column for a new index, and fills it in for the sessions that are stored already. */
export function addIndexMigration(step: MigrationStep): EmittedFile {
  const table = quote(step.table);
  const adding = step.columns.map(
    ({ column, type }) =>
      `  await ${schemaOf(step)}.alterTable(${table})${columnCall(column, type)}.execute();\n${createIndex(step, column)}`,
  );
  const filling = step.columns.map((column) => fillColumn(step, column));
  const dropping = step.columns.map(
    ({ column }) =>
      `  await ${schemaOf(step)}.dropIndex(${quote(`${step.table}_${column}`)}).execute();
  await ${schemaOf(step)}.alterTable(${table}).dropColumn(${quote(column)}).execute();\n`,
  );
  return migration(step, adding.join("") + filling.join(""), dropping.join(""), "{ type Kysely, sql }");
}

/** Sessions from before the index are found by it too. Their payload is JSON text; a value that was never set has no row in it. */
function fillColumn({ table, schema }: MigrationStep, { field, column }: IndexColumn): string {
  const target = quote(schema === undefined ? table : `${schema}.${table}`);
  return `  await sql\`
    update ${sqlTag(`sql.table(${target})`)} set ${sqlTag(`sql.ref(${quote(column)})`)} =
      (select value from json_each("text", '$.fields') where key = ${sqlTag(quote(field))})
    where "text" is not null\`.execute(db);
`;
}

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

function migration(step: MigrationStep, up: string, down: string, imports?: string): EmittedFile {
  const content = `import ${imports ?? "type { Kysely }"} from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
${up}}

export async function down(db: Kysely<unknown>): Promise<void> {
${down}}
`;
  return { path: `${step.name}.ts`, content };
}

function schemaOf({ schema }: MigrationStep): string {
  return schema === undefined ? "db.schema" : `db.withSchema(${quote(schema)}).schema`;
}

function columnCall(column: string, type: IndexColumn["type"]): string {
  return `.addColumn(${quote(column)}, ${quote(type === "boolean" ? "integer" : type)})`;
}

/** With the id, by which pages are ordered, a page is read without sorting. */
function createIndex(step: MigrationStep, column: string): string {
  const columns =
    column === "expires_at" ? `.column(${quote(column)})` : `.columns([${quote(column)}, "id"])`;
  return `  await ${schemaOf(step)}
    .createIndex(${quote(`${step.table}_${column}`)})
    .on(${quote(step.table)})
    ${columns}
    .execute();
`;
}
