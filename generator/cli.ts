import { parseArgs } from "node:util";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionRule,
  type OptionValues,
} from "./command.js";
import { failureText } from "./failure-text.js";

/** Runs `session-gen` with the arguments after its name. Never throws; what went wrong is logged in one line. */
export async function main(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await run(args, context);
  } catch (error) {
    const { message, exitCode, errors } = error instanceof CommandError ? error : describe(error);
    if (args.includes("--json")) {
      context.print(`${JSON.stringify({ status: "error", files: [], errors })}\n`);
    }
    context.log(`session-gen: ${message}\n`);
    return exitCode;
  }
}

interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, CommandEntry>> = {
  generate: {
    summary: "write what a schema stands for (this is done when no command is named)",
    load: async () => (await import("./commands/generate.js")).generateCommand,
  },
  init: {
    summary: "write a starter schema for this project",
    load: async () => (await import("./commands/init.js")).initCommand,
  },
  diff: {
    summary: "what changed in the shape, and what that costs",
    load: async () => (await import("./commands/diff.js")).diffCommand,
  },
  migrate: {
    summary: "run or print the migrations of the session table: up, down, to NAME, status, sql",
    load: async () => (await import("./commands/migrate.js")).migrateCommand,
  },
  reindex: {
    summary: "bring the indexes up to date with the stored sessions",
    load: async () => (await import("./commands/reindex.js")).reindexCommand,
  },
  copy: {
    summary: "copy live sessions from one schema's store to another's",
    load: async () => (await import("./commands/copy.js")).copyCommand,
  },
  cleanup: {
    summary: "delete the expired sessions of a schema's store",
    load: async () => (await import("./commands/cleanup.js")).cleanupCommand,
  },
  doctor: {
    summary: "look for what is wrong with a project, and say what to do",
    load: async () => (await import("./commands/doctor.js")).doctorCommand,
  },
  keygen: {
    summary: "print a new secret key, alone",
    load: async () => (await import("./commands/keygen.js")).keygenCommand,
  },
};

/** Named in the documentation and not built yet: refused by name instead of misunderstood. */
const laterCommands: readonly string[] = [];
const laterOptions = ["prune"];

async function run(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [first] = args;
  if (first === "help" && args[1] !== undefined) return await run([args[1], "--help"], context);
  if (first === "--help" || first === "-h" || first === "help") return await help(context);
  if (first === "--version" || first === "-v") return await version(context);
  const name = first === undefined || first.startsWith("-") ? "generate" : first;
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) throw await unknownCommand(name);
  const command = await entry.load();
  const rest = name === first ? args.slice(1) : args;
  if (rest.includes("--help") || rest.includes("-h")) return await help(context, name, command);
  const { values, words } = await readOptions(rest, command.options);
  return await command.run(context, values, words);
}

async function readOptions(
  args: readonly string[],
  rules: Readonly<Record<string, OptionRule>>,
): Promise<{ readonly values: OptionValues; readonly words: readonly string[] }> {
  const options = Object.fromEntries(
    Object.entries(rules).map(([name, { type, multiple }]) => [
      name,
      { type, ...(multiple && { multiple }) },
    ]),
  );
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const rule = Object.hasOwn(rules, token.name) ? rules[token.name] : undefined;
    if (rule === undefined) throw await unknownOption(token, Object.keys(rules));
    assertValue(token, rule);
  }
  return { values: values as OptionValues, words: positionals };
}

/** A text needs one, which may start with a dash only after "="; a switch takes none. */
function assertValue(
  { name, value, inlineValue }: OptionToken,
  { type, value: placeholder = "TEXT" }: OptionRule,
): void {
  const isMissing = value === undefined || (inlineValue !== true && /^-./.test(value));
  if (type === "string" && isMissing)
    throw new CommandError(`--${name} needs a value: --${name} ${placeholder}`);
  if (type === "boolean" && value !== undefined)
    throw new CommandError(`--${name} takes no value: leave out "=${value}".`);
}

interface OptionToken {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

async function unknownCommand(name: string): Promise<CommandError> {
  if (laterCommands.includes(name))
    return new CommandError(`The command "${name}" is not yet in this version.`);
  if (/\.[cm]?[jt]s$/.test(name))
    return new CommandError(`There is no command "${name}". Name a schema file with --schema ${name}`);
  const { nearest } = await import("./rules/nearest.js");
  const guess = nearest(name, Object.keys(commands));
  const known = `The commands are ${Object.keys(commands).join(", ")}.`;
  return new CommandError(
    `There is no command "${name}". ${guess === undefined ? known : `Did you mean "${guess}"?`}`,
  );
}

async function unknownOption(
  { name, rawName }: { readonly name: string; readonly rawName: string },
  known: readonly string[],
): Promise<CommandError> {
  if (laterOptions.includes(name))
    return new CommandError(`The option --${name} is not yet in this version.`);
  const { nearest } = await import("./rules/nearest.js");
  const guess = nearest(name, known);
  const list =
    known.length === 0
      ? "It takes none."
      : `The options are ${known.map((option) => `--${option}`).join(", ")}.`;
  return new CommandError(
    `Unknown option ${rawName}. ${guess === undefined ? list : `Did you mean --${guess}?`}`,
  );
}

async function help(context: CommandContext, name?: string, command?: Command): Promise<ExitCode> {
  const { commandHelp, overview } = await import("./help-text.js");
  const summaries = Object.entries(commands).map(([word, { summary }]) => [word, summary] as const);
  const summary = name === undefined ? undefined : commands[name]?.summary;
  context.print(command && summary ? commandHelp(command, summary) : overview(summaries));
  return 0;
}

async function version(context: CommandContext): Promise<ExitCode> {
  const { toolVersion } = await import("./tool-version.js");
  context.print(`${toolVersion()}\n`);
  return 0;
}

/** A fault of ours or of the system: its message, without the stack unless somebody asks for it. */
function describe(error: unknown): CommandError {
  const text = failureText(error);
  const stack = process.env["SESSION_GEN_DEBUG"] && error instanceof Error ? `\n${error.stack}` : "";
  return new CommandError(text + stack);
}
