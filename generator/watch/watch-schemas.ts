import { existsSync } from "node:fs";
import type { CommandContext, ExitCode } from "../command.js";
import { failureText } from "../failure-text.js";
import type { GenerateResult } from "../generate.js";
import { surroundings } from "../generation-cache.js";
import { modelFilePath } from "../history/memory.js";
import { relativePath } from "../schema-error.js";
import { type Built, rebuild } from "./rebuild.js";

interface Watching {
  readonly context: CommandContext;
  /** Absolute paths of schema files. */
  readonly schemas: readonly string[];
  readonly signal: AbortSignal;
}

/** One generation: it logs what it did into the context that it is given. */
type Generate = (
  context: CommandContext,
) => Promise<{ readonly code: ExitCode; readonly result: GenerateResult }>;

/** Generates at once, and again whenever a schema or what it depends on changes, until the signal is aborted. */
export async function watchSchemas(
  { context, schemas, signal }: Watching,
  generate: Generate,
): Promise<void> {
  let inputs = inputsOf(schemas, schemas);
  let said: string | undefined;
  const build = async (isChanged: boolean): Promise<Built> => {
    const lines: string[] = [];
    const into = { ...context, log: (text: string) => void lines.push(text) };
    const isFailed = await generate(into).then(
      ({ code, result }) => {
        inputs = inputsOf(schemas, [...result.dependencies, ...(code === 0 ? [] : inputs)]);
        return code !== 0;
      },
      (error: unknown) => {
        lines.push(`session-gen: ${failureText(error)}\n`);
        return true;
      },
    );
    // After a failure everything nearby is listened to, and most of it mends nothing.
    const text = lines.join("");
    const tell = (): void => {
      if (isChanged || text !== said) context.log(text);
      if (said === undefined) context.log(`${describe(schemas, context.cwd)}\n`);
      said = text;
    };
    return { inputs, written: schemas.map(modelFilePath), isFailed, tell };
  };
  await rebuild(build, signal);
}

function inputsOf(schemas: readonly string[], dependencies: readonly string[]): readonly string[] {
  const around = schemas.flatMap(surroundings).filter((file) => existsSync(file));
  return [...new Set([...schemas, ...dependencies, ...schemas.map(modelFilePath), ...around])];
}

function describe(schemas: readonly string[], cwd: string): string {
  const names = schemas.map((file) => relativePath(file, cwd)).join(", ");
  return `Watching ${names} and what is imported there. Ctrl-C ends it.`;
}
