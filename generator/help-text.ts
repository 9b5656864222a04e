import type { Command, ExitCode } from "./command.js";

/** What `session-gen --help` prints: the commands, each with what it does. */
export function overview(summaries: readonly (readonly [name: string, summary: string])[]): string {
  return `Typed web sessions, generated from one schema file.

  session-gen [command] [options]

${columns(summaries)}

  session-gen COMMAND --help   its options, exit codes and an example
  session-gen --version        the version
`;
}

/** What `session-gen COMMAND --help` prints. */
export function commandHelp({ options, help: { usage, codes, example } }: Command, summary: string): string {
  const rows = Object.entries(options).map(
    ([name, { type, value = "TEXT", description }]) =>
      [type === "string" ? `--${name} ${value}` : `--${name}`, description] as const,
  );
  const meanings = { ...usualCodes, ...codes };
  const known = ([0, 1, 2, 3] as const).flatMap((code) => codeRow(code, meanings[code]));
  return `${summary[0]?.toUpperCase()}${summary.slice(1)}.

  session-gen ${usage}

Options
${columns([...rows, ["--help", "print this"]])}

Exit codes
${columns(known)}

Example
  ${example}
`;
}

const usualCodes: Readonly<Partial<Record<ExitCode, string>>> = {
  0: "fine",
  2: "wrong usage, or something is not as it must be: the message says what",
};

function codeRow(code: ExitCode, meaning: string | undefined): readonly (readonly [string, string])[] {
  return meaning === undefined ? [] : [[String(code), meaning]];
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join("\n");
}
