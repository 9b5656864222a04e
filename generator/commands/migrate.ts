import { dirname, resolve } from "node:path";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionValues,
  textOption,
} from "../command.js";
import type { DialectName } from "../migrate/location.js";
import type { MigrationState, StepMigrator } from "../migrate/migrator.js";
import { databasesOf } from "../model/backend-places.js";
import type { Model, Text } from "../model/model.js";

/** `session-gen migrate up | down | to NAME | status | sql`. */
export const migrateCommand: Command = {
  help: {
    usage: "migrate up | down | to NAME | status | sql [options]",
    codes: { 1: "status: a migration is pending; else a migration failed" },
    example: "session-gen migrate up",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    url: { type: "string", value: "URL", description: "the database, instead of the schema's" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    const step = readStep(words);
    const place = await readPlace(context, values);
    if (place === undefined) {
      // A project runs it before each start, whatever its backend is that day.
      if (step.word !== "up" || textOption(values, "url") !== undefined) throw noDatabase();
      context.log("Nothing to do: the schema's backend has no database.\n");
      return report(context, values, step, []);
    }
    const { assertMigration, loadMigrations } = await import("../migrate/migrator.js");
    const migrations = await loadMigrations(place.folder);
    if (step.word === "to") assertMigration(step.target, Object.keys(migrations));
    if (step.word === "sql") return await printSql(context, place, migrations);
    const results: States[] = [];
    for (const database of place.databases) {
      const say = (line: string): void =>
        context.log(`${line}${database.option === "" ? "" : ` (${database.option})`}\n`);
      results.push(await runOn({ ...database, projectFolder: place.projectFolder }, migrations, step, say));
    }
    return report(context, values, step, onEach(results));
  },
};

/** Runs the step on one database, and answers what is applied there then. */
async function runOn(
  { dialect, url: text, projectFolder }: DatabaseOption & Pick<Place, "projectFolder">,
  migrations: Migrations,
  step: Step,
  say: (line: string) => void,
): Promise<States> {
  const { openDatabase, hasDatabase } = await import("../migrate/open-database.js");
  const { createStepMigrator } = await import("../migrate/migrator.js");
  const url = resolveUrl(text);
  if (!hasDatabase(dialect, url)) {
    const isUndoing = step.word === "down";
    if (isUndoing) say("Nothing to do.");
    // Opened, a file that is missing would be there from then on.
    if (isUndoing || step.word === "status")
      return Object.keys(migrations).map((name) => ({ name, applied: false }));
  }
  const database = openDatabase(dialect, { url, projectFolder });
  try {
    const migrator = await createStepMigrator(database, migrations);
    const before = await migrator.status();
    if (step.word === "status") return before;
    await runStep(migrator, step, before, say);
    return await migrator.status();
  } finally {
    await database.db.destroy();
  }
}

type StepWord = "up" | "down" | "to" | "status" | "sql";

interface Step {
  readonly word: StepWord;
  readonly target: string;
}

interface Place {
  /** All that the schema's backend is made of; each has the same table. */
  readonly databases: readonly DatabaseOption[];
  readonly folder: string;
  readonly projectFolder: string;
}

interface DatabaseOption {
  readonly dialect: DialectName;
  readonly url: Text;
  /** Where it stands in a chain, such as `primary`; empty when it is the whole backend. */
  readonly option: string;
}

type Migrations = Awaited<ReturnType<typeof import("../migrate/migrator.js")["loadMigrations"]>>;
type States = readonly MigrationState[];

function readStep([word, target, ...rest]: readonly string[]): Step {
  if (!isStepWord(word)) throw new CommandError("Say what to do: migrate up, down, to NAME, status or sql.");
  if (word === "to" ? target === undefined : target !== undefined) {
    throw new CommandError(
      word === "to" ? "migrate to needs the name of a migration." : `migrate ${word} takes no "${target}".`,
    );
  }
  if (rest.length > 0) throw new CommandError(`migrate takes no "${rest[0]}".`);
  return { word, target: target ?? "" };
}

function isStepWord(word: string | undefined): word is StepWord {
  return word !== undefined && ["up", "down", "to", "status", "sql"].includes(word);
}

/** `undefined` when the schema's backend has no database. */
async function readPlace(
  { cwd, log, color }: CommandContext,
  values: OptionValues,
): Promise<Place | undefined> {
  const schema = resolve(cwd, textOption(values, "schema") ?? "session.schema.ts");
  const { loadModels } = await import("../load/load-model.js");
  const { relativePath, renderFaults, SchemaError } = await import("../schema-error.js");
  const loaded = await loadModels([schema]).catch((error: unknown) => {
    if (!(error instanceof SchemaError)) throw error;
    log(`${renderFaults(error.faults, { cwd, colour: color }).trimEnd()}\n`);
    const errors = error.faults.map((fault) => ({ ...fault, file: relativePath(fault.file, cwd) }));
    throw new CommandError("The schema has faults.", 2, errors);
  });
  const [{ model } = { model: undefined }] = loaded;
  if (model === undefined) throw new CommandError("There is no schema.");
  return placeOf(model, schema, textOption(values, "url"));
}

function placeOf({ settings }: Model, schema: string, url: string | undefined): Place | undefined {
  const databases = databasesOf(settings.backend).map(({ path, database: { dialect, url } }) => ({
    dialect,
    url,
    option: path.join("."),
  }));
  const [first] = databases;
  if (first === undefined) return undefined;
  const projectFolder = dirname(schema);
  return {
    databases: url === undefined ? databases : [{ dialect: first.dialect, url, option: "" }],
    folder: resolve(projectFolder, settings.migrations),
    projectFolder,
  };
}

function noDatabase(): CommandError {
  return new CommandError("The schema's backend has no database(), and migrations are for that.");
}

function resolveUrl(url: Text): string {
  const value = typeof url === "string" ? url : (process.env[url.env] ?? url.default);
  if (typeof url !== "string" && (value === undefined || value === ""))
    throw new CommandError(`The environment variable ${url.env} is not set. Set it, or give --url.`);
  return value ?? "";
}

async function runStep(
  migrator: StepMigrator,
  step: Step,
  before: States,
  say: (line: string) => void,
): Promise<void> {
  const done = await (step.word === "to"
    ? migrator.to(step.target)
    : step.word === "down"
      ? migrator.down()
      : migrator.up());
  const wasApplied = new Set(before.filter(({ applied }) => applied).map(({ name }) => name));
  for (const name of done) say(`${wasApplied.has(name) ? "undone " : "applied"} ${name}`);
  if (done.length === 0) say("Nothing to do.");
}

/** What is applied on every database. */
function onEach(results: readonly States[]): States {
  const [first = []] = results;
  return first.map(({ name }) => ({
    name,
    applied: results.every((states) => states.some((state) => state.name === name && state.applied)),
  }));
}

function report({ print }: CommandContext, values: OptionValues, { word }: Step, states: States): ExitCode {
  const isStale = word === "status" && states.some(({ applied }) => !applied);
  const json = { status: isStale ? "stale" : "ok", files: [], errors: [], migrations: states };
  if (values["json"] === true) print(`${JSON.stringify(json)}\n`);
  else if (word === "status")
    for (const { name, applied } of states) print(`${applied ? "applied" : "pending"} ${name}\n`);
  return isStale ? 1 : 0;
}

async function printSql(
  { print }: CommandContext,
  { databases }: Place,
  migrations: Migrations,
): Promise<ExitCode> {
  const { printingDatabase } = await import("../migrate/open-database.js");
  for (const { dialect, option } of databases) {
    if (option !== "") print(`-- ${option}: ${dialect}\n`);
    const db = printingDatabase(dialect, (sql) => print(`${sql};\n`));
    for (const [name, migration] of Object.entries(migrations)) {
      print(`-- ${name}\n`);
      await migration.up(db);
    }
  }
  return 0;
}
