import { type IndexColumn, indexName } from "./index-columns.js";
import { quote } from "./literal.js";
import type { EmittedFile } from "./source-file.js";

/** A step of the table's history, as it is written into a file. */
export interface MigrationStep {
  /** `0001_create_sessions`: the file's name without its ending, and the name it is applied under. */
  readonly name: string;
  /** What the table is called at that time. */
  readonly table: string;
  readonly schema?: string;
  /** The columns that it is about: all of a new table, one of an index. */
  readonly columns: readonly StepColumn[];
  /** The step that has to have run before, though it is one that may be left out. */
  readonly after?: string;
}

/** A column with the name of its index, which stays when the table is renamed. */
export interface StepColumn extends IndexColumn {
  readonly index: string;
}

/** The column of a table with the name that its index gets. */
export function stepColumn(table: string, column: IndexColumn): StepColumn {
  return { ...column, index: indexName(table, column.column) };
}

/** What a migration file holds, as code. */
export interface MigrationText {
  readonly up: string;
  readonly down: string;
  /** Code from before the step does not work after it. */
  readonly isContract?: boolean;
  /** What a reader should know of it: whole comment lines. */
  readonly comment?: string;
}

/** The file of a migration. It imports Kysely alone. */
export function migrationFile(
  step: MigrationStep,
  { up, down, isContract = false, comment = "" }: MigrationText,
): EmittedFile {
  const imports = /\bsql\b/.test(up + down) || needsDialect(up + down);
  const content = `import { type Kysely${imports ? ", sql" : ""} } from "kysely";
${comment === "" ? "" : `\n${comment}`}${isContract ? contractMark : ""}${step.after === undefined ? "" : afterMark(step.after)}
export async function up(db: Kysely<unknown>): Promise<void> {
${up}}

export async function down(db: Kysely<unknown>): Promise<void> {
${down}}
${needsDialect(up + down) ? dialects : ""}`;
  return { path: `${step.name}.ts`, content };
}

const contractMark = `
/** Code from before this step does not work after it: \`session-gen migrate up\` leaves it out without --contract. */
export const contract = true;
`;

function afterMark(name: string): string {
  return `
/** It needs the table as that step leaves it. */
export const after = ${quote(name)};
`;
}

function needsDialect(code: string): boolean {
  return code.includes("dialectOf(db)");
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

/** The schema builder, in the table's schema. */
export function schemaOf({ schema }: MigrationStep): string {
  return schema === undefined ? "db.schema" : `db.withSchema(${quote(schema)}).schema`;
}

/** The table with its schema, as `sql.table` takes it. */
export function tableName({ schema, table }: MigrationStep): string {
  return quote(schema === undefined ? table : `${schema}.${table}`);
}

/** A part of a template of `sql`. */
export function sqlTag(expression: string): string {
  return `\${${expression}}`;
}

/** Adds a column where a table is made or altered. */
export function columnCall({ column, type }: IndexColumn): string {
  return `.addColumn(${quote(column)}, type.${type === "text" ? "key" : type})`;
}

/** With the id, by which pages are ordered, a page is read without sorting. */
export function createIndex(
  step: MigrationStep,
  { column, index }: Pick<StepColumn, "column" | "index">,
): string {
  const columns =
    column === "expires_at" ? `.column(${quote(column)})` : `.columns([${quote(column)}, "id"])`;
  return `  await ${schemaOf(step)}
    .createIndex(${quote(index)})
    .on(${quote(step.table)})
    ${columns}
    .execute();
`;
}
