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
    summary: "schema → output (the default)",
    load: async () => (await import("./commands/generate.js")).generateCommand,
  },
  init: {
    summary: "write a starter schema for this project",
    load: async () => (await import("./commands/init.js")).initCommand,
  },
  diff: {
    summary: "what changed in the shape, and what that costs: --against REF or FILE",
    load: async () => (await import("./commands/diff.js")).diffCommand,
  },
  migrate: {
    summary: "up | down | to NAME | status | sql: run or print the migrations of the session table",
    load: async () => (await import("./commands/migrate.js")).migrateCommand,
  },
  copy: {
    summary: "copy live sessions from one schema's store to another's: --from F --to F",
    load: async () => (await import("./commands/copy.js")).copyCommand,
  },
  cleanup: {
    summary: "delete expired sessions",
    load: async () => (await import("./commands/cleanup.js")).cleanupCommand,
  },
  keygen: {
    summary: "print a new secret key",
    load: async () => (await import("./commands/keygen.js")).keygenCommand,
  },
};

/** Named in the documentation and not built yet: refused by name instead of misunderstood. */
const laterCommands = ["reindex", "doctor"];
const laterOptions = ["watch", "prune", "contract"];

async function run(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [first] = args;
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
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === "option" && !Object.hasOwn(rules, token.name))
      throw await unknownOption(token, Object.keys(rules));
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    return { values: values as OptionValues, words: positionals };
  } catch (error) {
    throw new CommandError(error instanceof Error ? (error.message.split(/\.\s/)[0] ?? "") : String(error));
  }
}

async function unknownCommand(name: string): Promise<CommandError> {
  if (laterCommands.includes(name))
    return new CommandError(`The command "${name}" is not yet in this version.`);
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
  if (name !== undefined && command !== undefined) {
    const lines = Object.entries(command.options).map(
      ([option, { type, description }]) =>
        `  --${option}${type === "string" ? " …" : ""}`.padEnd(20) + description,
    );
    context.print(`session-gen ${name}: ${commands[name]?.summary}\n\n${lines.join("\n")}\n`);
    return 0;
  }
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(10)}${summary}`);
  context.print(
    `Typed web sessions, generated from one schema file.\n\n  session-gen [command] [options]\n\n${lines.join("\n")}\n\nsession-gen COMMAND --help lists its options.\n`,
  );
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
