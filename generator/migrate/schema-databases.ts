import { dirname, resolve } from "node:path";
import { CommandError } from "../command.js";
import type { LoadedModel } from "../load/load-model.js";
import type { DatabaseModel } from "../model/backend-model.js";
import { databasesOf } from "../model/backend-places.js";
import type { Text } from "../model/model.js";
import { currentText } from "../stores/current-text.js";
import { urlFault } from "../stores/url-fault.js";
import type { StepMigrations } from "./load-migrations.js";
import type { DialectName } from "./location.js";
import { createStepMigrator, type MigrationState, toStates } from "./migrator.js";
import { hasDatabase, openDatabase } from "./open-database.js";

/** The databases of a schema, each of which has the same table, and where their migrations are. */
export interface SchemaDatabases {
  readonly databases: readonly SchemaDatabase[];
  /** The folder of the migrations. */
  readonly folder: string;
  /** The folder from which drivers are resolved. */
  readonly projectFolder: string;
}

/** One of the databases that a schema's backend is made of. */
export interface SchemaDatabase {
  readonly dialect: DialectName;
  readonly url: Text;
  readonly model: DatabaseModel;
  /** Where it stands in a chain, such as `primary`; empty when it is the whole backend. */
  readonly option: string;
}

/** All databases that the backend of a schema is made of, or the one at a url; `undefined` when it has none. */
export function schemaDatabases(
  { file, model: { settings } }: Pick<LoadedModel, "file" | "model">,
  url?: string,
): SchemaDatabases | undefined {
  const databases = databasesOf(settings.backend).map(({ path, database }) => ({
    dialect: database.dialect,
    url: database.url,
    model: database,
    option: path.join("."),
  }));
  const [first] = databases;
  if (first === undefined) return undefined;
  const projectFolder = dirname(file);
  return {
    databases: url === undefined ? databases : [{ ...first, url, option: "" }],
    folder: resolve(projectFolder, settings.migrations),
    projectFolder,
  };
}

/** The url as it is now. Throws `CommandError`, and does not repeat it, when the environment does not have it, or it is none of that dialect. */
export function resolveUrl({ dialect, url }: Pick<SchemaDatabase, "dialect" | "url">): string {
  const value = currentText(url);
  if (typeof url !== "string" && (value === undefined || value === ""))
    throw new CommandError(`The environment variable ${url.env} is not set. Set it, or give --url.`);
  const fault = urlFault(dialect, url);
  if (fault !== undefined) throw new CommandError(fault);
  return value ?? "";
}

/** The steps of a folder. */
export interface KnownSteps {
  readonly migrations: StepMigrations;
  /** Their present names by names that they had in a branch. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** What has run on a database, without making one that is missing. */
export async function readStates(
  { dialect, url: text }: SchemaDatabase,
  { projectFolder }: Pick<SchemaDatabases, "projectFolder">,
  { migrations, renamed }: KnownSteps,
): Promise<readonly MigrationState[]> {
  const url = resolveUrl({ dialect, url: text });
  if (!hasDatabase(dialect, url)) return toStates(migrations, []);
  const database = openDatabase(dialect, { url, projectFolder });
  try {
    return await createStepMigrator(database, migrations, renamed).status();
  } finally {
    await database.db.destroy();
  }
}

/** What is applied on every database. */
export function onEach(results: readonly (readonly MigrationState[])[]): readonly MigrationState[] {
  const [first = []] = results;
  return first.map((state) => ({
    ...state,
    applied: results.every((states) => states.some(({ name, applied }) => name === state.name && applied)),
  }));
}
