import { type Command, type CommandContext, CommandError, type ExitCode, textOption } from "../command.js";
import type { StepMigrations } from "../migrate/load-migrations.js";
import type { MigrationRun, MigrationState, StepMigrator } from "../migrate/migrator.js";
import type { KnownSteps, SchemaDatabase, SchemaDatabases } from "../migrate/schema-databases.js";

/** `session-gen migrate up | down | to NAME | status | sql`. */
export const migrateCommand: Command = {
  help: {
    usage: "migrate up | down | to NAME | status | sql [options]",
    codes: {
      1: "status: a migration is pending; else one failed or is blocked",
      3: "to: the step needs --contract",
    },
    example: "session-gen migrate up",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    url: { type: "string", value: "URL", description: "the database, instead of the schema's" },
    contract: { type: "boolean", description: "also run steps after which older code no longer works" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    const isJson = values["json"] === true;
    const step = { ...readStep(words, isJson), contract: values["contract"] === true };
    const { readSchema } = await import("../stores/read-schema.js");
    const { onEach, schemaDatabases } = await import("../migrate/schema-databases.js");
    const schema = await readSchema(context, textOption(values, "schema"));
    const url = textOption(values, "url");
    const place = schemaDatabases(schema, url);
    if (place === undefined) {
      // A project runs it before each start, whatever its backend is that day.
      if (step.word !== "up" || url !== undefined) throw noDatabase();
      context.log("Nothing to do: the schema's backend has no database.\n");
      return report(context, { step, isJson, states: [], isBlocked: false });
    }
    const { assertMigration, loadMigrations } = await import("../migrate/load-migrations.js");
    const migrations = await loadMigrations(place.folder);
    if (step.word === "to") assertMigration(step.target, Object.keys(migrations));
    if (step.word === "sql") return await printSql(context, place, migrations);
    const { storedIndexes } = await import("../stores/stored-indexes.js");
    const { renamedSteps: renamed } = await storedIndexes(schema);
    const results: StepResult[] = [];
    for (const database of place.databases) {
      const say = (line: string): void =>
        context.log(`${line}${database.option === "" ? "" : ` (${database.option})`}\n`);
      results.push(await runOn(database, place, { migrations, renamed, step, say }));
    }
    const states = onEach(results.map((result) => result.states));
    const isBlocked = results.some((result) => result.isBlocked);
    if (step.word === "up" && !isBlocked) {
      const { followMigration } = await import("../stores/follow-migration.js");
      const [instead] = url === undefined ? [] : place.databases;
      await followMigration({
        schema,
        isContracted: step.contract,
        log: context.log,
        ...(instead && { instead: { ...instead.model, url: instead.url } }),
      });
    }
    return report(context, { step, isJson, states, isBlocked });
  },
};

type StepWord = "up" | "down" | "to" | "status" | "sql";

interface Step {
  readonly word: StepWord;
  readonly target: string;
  readonly contract: boolean;
}

interface StepResult {
  readonly states: readonly MigrationState[];
  readonly isBlocked: boolean;
}

interface StepRun extends KnownSteps {
  readonly step: Step;
  readonly say: (line: string) => void;
}

/** Runs the step on one database, and answers what is applied there then. */
async function runOn(
  database: SchemaDatabase,
  place: SchemaDatabases,
  { step, say, ...known }: StepRun,
): Promise<StepResult> {
  const { readStates, resolveUrl } = await import("../migrate/schema-databases.js");
  const { openDatabase, hasDatabase } = await import("../migrate/open-database.js");
  const { createStepMigrator } = await import("../migrate/migrator.js");
  const url = resolveUrl(database);
  // Opened, a file that is missing would be there from then on.
  const isAbsent = step.word === "down" && !hasDatabase(database.dialect, url);
  if (isAbsent) say("Nothing to do.");
  if (isAbsent || step.word === "status")
    return { states: await readStates(database, place, known), isBlocked: false };
  const opened = openDatabase(database.dialect, { url, projectFolder: place.projectFolder });
  try {
    const migrator = createStepMigrator(opened, known.migrations, known.renamed);
    const run = await runStep(migrator, step);
    tell(run, say);
    return { states: await migrator.status(), isBlocked: run.blocked !== undefined };
  } finally {
    await opened.db.destroy();
  }
}

async function runStep(migrator: StepMigrator, { word, target, contract }: Step): Promise<MigrationRun> {
  if (word === "down") return await migrator.down();
  if (word === "up") return await migrator.up({ contract });
  const found = (await migrator.status()).find(({ name }) => name === target);
  if (found?.applied) return await migrator.downTo(target);
  if (found?.contract && !contract) throw needsFlag(target);
  return await migrator.up({ contract, last: target });
}

function tell({ done, waiting, blocked, ahead }: MigrationRun, say: (line: string) => void): void {
  for (const { name, how } of done) say(`${how.padEnd(7)} ${name}`);
  if (done.some(({ how }) => how === "adopted")) say("The table was there already, as these steps make it.");
  if (blocked !== undefined) {
    say(
      `blocked ${blocked.name}: it comes after ${blocked.by}, which needs --contract. Run that when no older version of the app runs any more.`,
    );
  } else if (done.length === 0) say("Nothing to do.");
  if (blocked === undefined && waiting.length > 0)
    say(`waiting ${waiting.join(", ")}: run with --contract when no older version of the app runs any more.`);
  if (ahead !== undefined)
    say(
      `ahead   ${ahead.join(", ")}: applied by a newer version of the schema, or by another branch. This version works on the table, unless one of them was a contract step.`,
    );
}

function readStep(words: readonly string[], isJson: boolean): Omit<Step, "contract"> {
  const [word, target, ...rest] = words;
  if (!isStepWord(word)) throw new CommandError("Say what to do: migrate up, down, to NAME, status or sql.");
  if (word === "to" ? target === undefined : target !== undefined) {
    throw new CommandError(
      word === "to" ? "migrate to needs the name of a migration." : `migrate ${word} takes no "${target}".`,
    );
  }
  if (rest.length > 0) throw new CommandError(`migrate takes no "${rest[0]}".`);
  if (word === "sql" && isJson)
    throw new CommandError("migrate sql prints SQL and nothing else: leave out --json.");
  return { word, target: target ?? "" };
}

function isStepWord(word: string | undefined): word is StepWord {
  return word !== undefined && ["up", "down", "to", "status", "sql"].includes(word);
}

function needsFlag(target: string): CommandError {
  return new CommandError(
    `After ${target}, older versions of the app no longer work. Run it with --contract when none runs any more.`,
    3,
  );
}

function noDatabase(): CommandError {
  return new CommandError("The schema's backend has no database(), and migrations are for that.");
}

interface Outcome {
  readonly step: Step;
  readonly isJson: boolean;
  readonly states: readonly MigrationState[];
  readonly isBlocked: boolean;
}

function report({ print }: CommandContext, { step, isJson, states, isBlocked }: Outcome): ExitCode {
  const isStale = isBlocked || (step.word === "status" && states.some(({ applied }) => !applied));
  const json = { status: isStale ? "stale" : "ok", files: [], errors: [], migrations: states };
  if (isJson) print(`${JSON.stringify(json)}\n`);
  else if (step.word === "status")
    for (const state of states)
      print(`${state.applied ? "applied" : "pending"} ${state.name}${remarkOn(state)}\n`);
  return isStale ? 1 : 0;
}

function remarkOn({ applied, contract, foreign }: MigrationState): string {
  if (foreign) return " (not in this folder: by another version of the schema)";
  return applied || !contract ? "" : " (needs --contract)";
}

async function printSql(
  { print }: CommandContext,
  { databases }: SchemaDatabases,
  migrations: StepMigrations,
): Promise<ExitCode> {
  const { recordingDatabase } = await import("../migrate/recording-database.js");
  const { isContract } = await import("../migrate/load-migrations.js");
  for (const { dialect, option } of databases) {
    if (option !== "") print(`-- ${option}: ${dialect}\n`);
    const db = recordingDatabase(dialect, ({ sql }) => print(`${sql};\n`));
    for (const [name, migration] of Object.entries(migrations)) {
      print(`-- ${name}${isContract(migration) ? " (only with --contract)" : ""}\n`);
      await migration.up(db);
    }
  }
  return 0;
}
