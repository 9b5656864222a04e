import { indexName } from "./index-columns.js";
import { addColumns, dropColumns } from "./index-steps.js";
import { quote } from "./literal.js";
import {
  columnCall,
  createIndex,
  type MigrationStep,
  migrationFile,
  schemaOf,
  sqlTag,
  tableName,
} from "./migration-text.js";
import { type EmittedFile, generatedMark, type ImportExtension, siblingSpecifier } from "./source-file.js";

/** The migration that creates the table with its indexes. */
export function createTableMigration(step: MigrationStep): EmittedFile {
  const fixed = ["tenant", "expires_at"].map((column) => ({ column, index: indexName(step.table, column) }));
  const columns = step.columns.map(columnCall);
  const up = `  const type = types[dialectOf(db)];
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
${[...fixed, ...step.columns].map((column) => createIndex(step, column)).join("")}`;
  const down = `  await ${schemaOf(step)}.dropTable(${quote(step.table)}).execute();\n`;
  return migrationFile(step, { up, down });
}

/** The migration that adds a column for a new index, and fills it in for the sessions that are stored already. */
export function addIndexMigration(step: MigrationStep): EmittedFile {
  return migrationFile(step, { up: addColumns(step), down: dropColumns(step) });
}

/** The migration that drops what an index has left behind. On the way down it is there again. */
export function dropIndexMigration(step: MigrationStep): EmittedFile {
  const names = step.columns.map(({ column }) => column).join(", ");
  const comment = `// The index is no longer in the schema. \`down\` brings the column ${names} back and fills it from plain JSON; what it
// cannot read there, session-gen reindex of the version before fills in.
`;
  return migrationFile(step, { up: dropColumns(step), down: addColumns(step), isContract: true, comment });
}

/** The migration that gives the table another name; the names of its indexes stay. */
export function renameTableMigration(step: MigrationStep, to: string): EmittedFile {
  const comment = `// Until this step has run, the generated code uses the table under its former name, and changes over by itself.
`;
  const up = rename(step, to);
  const down = rename({ ...step, table: to }, step.table);
  return migrationFile(step, { up, down, isContract: true, comment });
}

/** In MySQL a table moves to the database that is in use unless another one is named. */
function rename(from: MigrationStep, to: string): string {
  const renaming = `await ${schemaOf(from)}.alterTable(${quote(from.table)}).renameTo(${quote(to)}).execute();`;
  if (from.schema === undefined) return `  ${renaming}\n`;
  const [before, after] = [from, { ...from, table: to }].map((step) =>
    sqlTag(`sql.table(${tableName(step)})`),
  );
  return `  if (dialectOf(db) === "mysql") {
    await sql\`rename table ${before} to ${after}\`.execute(db);
  } else {
    ${renaming}
  }
`;
}

/** `migrations/index.ts`: every migration by name, imported statically, so that a bundler finds them. */
export function migrationIndex(names: readonly string[], extension: ImportExtension): EmittedFile {
  const variable = (name: string): string => `_${name}`;
  const imports = names.map(
    (name) => `import * as ${variable(name)} from ${quote(siblingSpecifier(name, extension))};\n`,
  );
  const content = `// ${generatedMark}: the migrations of this folder, in order. Do not edit: add a migration and run session-gen.

import type { Kysely } from "kysely";
${imports.join("")}
/** As Kysely's own, which is in another place since 0.29. */
interface Migration {
  up(db: Kysely<unknown>): Promise<void>;
  down?(db: Kysely<unknown>): Promise<void>;
}

/** Every migration by its name, for a Kysely \`Migrator\` in the app. \`session-gen migrate\` runs the same. */
export const migrations: Record<string, Migration> = {
${names.map((name) => `  ${quote(name)}: ${variable(name)},\n`).join("")}};
`;
  return { path: "index.ts", content };
}
