/** What a command is given by the process, so that tests can stand in for it. */
export interface CommandContext {
  readonly cwd: string;
  /** Writes to the standard output: what the command was asked for. */
  readonly print: (text: string) => void;
  /** Writes to the standard error: everything else. */
  readonly log: (text: string) => void;
  /** Whether what is logged may be coloured. */
  readonly color: boolean;
  /** Whether what is printed may be; it is not unless this is given. */
  readonly colorsOutput?: boolean;
}

/** 0 fine; 1 stale, drifted, breaking or pending; 2 usage or schema error; 3 needs a decision that the flags did not give. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The options of a command, read and checked. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** How one option is given. */
export interface OptionRule {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
  /** What a text stands for: `FILE`. */
  readonly value?: string;
  readonly description: string;
}

/** What `--help` says of a command besides its options. */
export interface CommandHelp {
  /** The words after `session-gen`: `migrate up | down`. */
  readonly usage: string;
  /** What each exit code means that it can end with, 0 and 2 apart when they mean what they always do. */
  readonly codes: Readonly<Partial<Record<ExitCode, string>>>;
  /** A whole line to try. */
  readonly example: string;
}

/** One entry of `errors` in what `--json` prints. `file` is relative to the working directory. */
export interface ReportedError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Wrong usage, or a state that the command cannot work with: one line for a person, and no stack trace. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;
  /** What `--json` says of it: the message, at no place unless there is one. */
  readonly errors: readonly ReportedError[];

  constructor(
    message: string,
    exitCode: ExitCode = 2,
    errors: readonly ReportedError[] = [nowhere(message)],
  ) {
    super(message);
    this.exitCode = exitCode;
    this.errors = errors;
  }
}

/** What is wrong in no file: `file` is empty, `line` and `column` are 0. */
function nowhere(message: string): ReportedError {
  return { file: "", line: 0, column: 0, message };
}

/** What is wrong with a file as a whole. */
export function wholeFile(file: string, message: string): ReportedError {
  return { file, line: 1, column: 1, message };
}

/** One word after `session-gen`. */
export interface Command {
  readonly help: CommandHelp;
  readonly options: Readonly<Record<string, OptionRule>>;
  readonly run: (
    context: CommandContext,
    values: OptionValues,
    words: readonly string[],
  ) => Promise<ExitCode>;
}

/** The value of a text option that may be given once. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of a text option that may be repeated. */
export function textOptions(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return typeof value === "object" ? value : typeof value === "string" ? [value] : [];
}
