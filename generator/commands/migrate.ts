import { dirname, resolve } from "node:path";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionValues,
  textOption,
} from "../command.js";
import type { StepMigrator } from "../migrate/migrator.js";
import type { Model, Text } from "../model/model.js";

/** `session-gen migrate up | down | to NAME | status | sql`. */
export const migrateCommand: Command = {
  options: {
    schema: { type: "string", description: "the schema file (session.schema.ts)" },
    url: { type: "string", description: "the database, instead of the schema's" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    const step = readStep(words);
    const place = await readPlace(context, values);
    if (step.word === "sql") return await printSql(context, place);
    const { openSqlite, hasSqlite } = await import("../migrate/sqlite-database.js");
    const { createStepMigrator, loadMigrations } = await import("../migrate/migrator.js");
    const migrations = await loadMigrations(place.folder);
    const url = resolveUrl(place.url);
    if (step.word === "status" && !hasSqlite(url)) {
      return reportStatus(
        context,
        values,
        Object.keys(migrations).map((name) => ({ name, applied: false })),
      );
    }
    const db = openSqlite({ url, projectFolder: place.projectFolder });
    try {
      const migrator = await createStepMigrator(db, migrations);
      if (step.word === "status") return reportStatus(context, values, await migrator.status());
      return await runStep(context, values, { migrator, step });
    } finally {
      await db.destroy();
    }
  },
};

type StepWord = "up" | "down" | "to" | "status" | "sql";

interface Step {
  readonly word: StepWord;
  readonly target: string;
}

interface Place {
  readonly url: Text;
  readonly folder: string;
  readonly projectFolder: string;
}

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

async function readPlace({ cwd, log, color }: CommandContext, values: OptionValues): Promise<Place> {
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
  return {
    ...placeOf(model, schema),
    ...(textOption(values, "url") !== undefined && { url: textOption(values, "url") ?? "" }),
  };
}

function placeOf({ settings }: Model, schema: string): Place {
  if (settings.backend.backend !== "database") {
    throw new CommandError(
      `The schema's backend is ${settings.backend.backend}(); migrations are for database().`,
    );
  }
  const projectFolder = dirname(schema);
  return { url: settings.backend.url, folder: resolve(projectFolder, settings.migrations), projectFolder };
}

/** `postgres://…`, `file:…`, `sqlite:…`: what another library would take. It may hold a password. */
const uri = /^(?:[a-z][a-z0-9+.-]+:\/\/|file:|sqlite:)/i;

function resolveUrl(url: Text): string {
  const value = typeof url === "string" ? url : (process.env[url.env] ?? url.default);
  if (typeof url !== "string" && (value === undefined || value === ""))
    throw new CommandError(`The environment variable ${url.env} is not set. Set it, or give --url.`);
  if (value !== undefined && uri.test(value))
    throw new CommandError('The url of an SQLite database is a file path or ":memory:", not a URI.');
  return value ?? "";
}

interface Run {
  readonly migrator: StepMigrator;
  readonly step: Step;
}

async function runStep(
  { print, log }: CommandContext,
  values: OptionValues,
  { migrator, step }: Run,
): Promise<ExitCode> {
  const before = await migrator.status();
  const done = await (step.word === "to"
    ? migrator.to(step.target)
    : step.word === "down"
      ? migrator.down()
      : migrator.up());
  const wasApplied = new Set(before.filter(({ applied }) => applied).map(({ name }) => name));
  for (const name of done) log(`${wasApplied.has(name) ? "undone " : "applied"} ${name}\n`);
  if (done.length === 0) log("Nothing to do.\n");
  if (values["json"] === true) printJson(print, "ok", await migrator.status());
  return 0;
}

type States = readonly { readonly name: string; readonly applied: boolean }[];

function reportStatus({ print }: CommandContext, values: OptionValues, states: States): ExitCode {
  const isPending = states.some(({ applied }) => !applied);
  if (values["json"] === true) printJson(print, isPending ? "stale" : "ok", states);
  else for (const { name, applied } of states) print(`${applied ? "applied" : "pending"} ${name}\n`);
  return isPending ? 1 : 0;
}

function printJson(print: CommandContext["print"], status: string, migrations: States): void {
  print(`${JSON.stringify({ status, files: [], errors: [], migrations })}\n`);
}

async function printSql({ print }: CommandContext, { folder }: Place): Promise<ExitCode> {
  const { printingSqlite } = await import("../migrate/sqlite-database.js");
  const { loadMigrations } = await import("../migrate/migrator.js");
  const migrations = await loadMigrations(folder);
  const db = printingSqlite((sql) => print(`${sql};\n`));
  for (const [name, migration] of Object.entries(migrations)) {
    print(`-- ${name}\n`);
    await migration.up(db);
  }
  return 0;
}
