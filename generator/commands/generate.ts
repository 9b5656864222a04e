import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionValues,
  type ReportedError,
  textOption,
  textOptions,
  wholeFile,
} from "../command.js";
import type { GenerateResult } from "../generate.js";
import { isCurrent, remember } from "../generation-cache.js";
import type { Decisions } from "../history/decisions.js";
import { relativePath } from "../schema-error.js";
import type { FileState } from "../write.js";
import { decisionOptions, readDecisions } from "./decision-options.js";
import { otherSchemas } from "./schema-search.js";

/** `session-gen generate`, also without the word. */
export const generateCommand: Command = {
  help: {
    usage: "[generate] [options]",
    codes: {
      1: "--check: something is not current; or a change of the schema breaks stored sessions",
      2: "wrong usage, or the schema has faults",
      3: "a change of the schema needs a decision, which the message names",
    },
    example: "session-gen --check",
  },
  options: {
    schema: {
      type: "string",
      value: "FILE",
      multiple: true,
      description: "a schema file; may be repeated (session.schema.ts)",
    },
    out: { type: "string", value: "FOLDER", description: "the output folder, instead of the schema's" },
    check: {
      type: "boolean",
      description: "write nothing; exit 1 with a diff when something is not current",
    },
    watch: { type: "boolean", description: "generate again whenever the schema or what it imports changes" },
    "dry-run": { type: "boolean", description: "write nothing; say what would be written" },
    json: { type: "boolean", description: "print one JSON object" },
    ...decisionOptions,
  },
  run: async (context, values, words) => {
    if (words.length > 0)
      throw new CommandError(
        `generate takes no "${words[0]}"; name a schema file with --schema, a command first.`,
      );
    const request = readRequest(context, values);
    if (values["watch"] === true) return await watch(context, request, values);
    const known = request.decisions === undefined ? await isCurrent(request) : undefined;
    if (known !== undefined) {
      const state = stateWord("current", request.mode);
      const files = known.map((path) => ({ path, state }));
      return report(context, request, { status: "ok", files, errors: [] });
    }
    return (await generateAnew(context, values["prune"] === true ? await pruned(context, request) : request))
      .code;
  },
};

/** What is to be generated, with absolute paths. */
export interface GenerateRequest {
  readonly schemas: readonly string[];
  readonly out: string | undefined;
  readonly mode: "write" | "check" | "dry-run";
  readonly json: boolean;
  /** Absent when no flag decides anything. */
  readonly decisions: Decisions | undefined;
}

type Status = "ok" | "stale" | "breaking" | "undecided" | "error";

interface Outcome {
  readonly status: Status;
  readonly files: readonly { readonly path: string; readonly state: string }[];
  readonly errors: readonly ReportedError[];
}

function readRequest({ cwd }: CommandContext, values: OptionValues): GenerateRequest {
  const given = textOptions(values, "schema");
  const files = given.length > 0 ? given : ["session.schema.ts"];
  const schemas = [...new Set(files.map((file) => resolve(cwd, file)))];
  const missing = schemas.find((file) => !existsSync(file));
  if (missing !== undefined) {
    const file = relativePath(missing, cwd);
    const message = `There is no schema file ${file}.${adviceOn(otherSchemas(cwd), given)}`;
    throw new CommandError(message, 2, [wholeFile(file, message)]);
  }
  const out = textOption(values, "out");
  if (out !== undefined && schemas.length > 1) throw new CommandError("--out goes with a single --schema.");
  const mode = values["check"] === true ? "check" : values["dry-run"] === true ? "dry-run" : "write";
  const decisions = readDecisions(values);
  return { schemas, out: out && resolve(cwd, out), mode, json: values["json"] === true, decisions };
}

function adviceOn([other]: readonly string[], given: readonly string[]): string {
  if (other !== undefined) return ` There is ${other}: session-gen --schema ${other}`;
  return given.length > 0 ? "" : " session-gen init writes one; --schema names another.";
}

/** Generates until it is told to end, by Ctrl-C or SIGTERM. */
async function watch(
  context: CommandContext,
  request: GenerateRequest,
  values: OptionValues,
): Promise<ExitCode> {
  const others = ["check", "dry-run", "json", ...Object.keys(decisionOptions)];
  const other = others.find((name) => values[name] !== undefined && values[name] !== false);
  if (other !== undefined)
    throw new CommandError(`--watch writes at each change, and cannot be combined with --${other}.`);
  const { watchSchemas } = await import("../watch/watch-schemas.js");
  const { interruptible } = await import("../stores/interruption.js");
  await interruptible((signal) =>
    watchSchemas({ context, schemas: request.schemas, signal }, (into) => generateAnew(into, request)),
  );
  return 0;
}

async function pruned(context: CommandContext, request: GenerateRequest): Promise<GenerateRequest> {
  const { findLivingShapes } = await import("./prune.js");
  const livingShapes = await findLivingShapes(context, request.schemas);
  return { ...request, decisions: { ...request.decisions, livingShapes } };
}

interface Generated {
  readonly code: ExitCode;
  readonly result: GenerateResult;
}

async function generateAnew(context: CommandContext, request: GenerateRequest): Promise<Generated> {
  const { generate } = await import("../generate.js");
  const { compareFiles, writeFiles } = await import("../write.js");
  const { schemas, out, mode, decisions } = request;
  const options = { schema: schemas, cwd: context.cwd, ...decisions };
  const result = await generate({ ...options, ...(out !== undefined && { out }) });
  if (result.errors.length > 0) return { code: await reportFaults(context, request, result), result };
  await logWarnings(context, result);
  const states = await compareFiles(result.files, result.outputFolders, result.superseded);
  if (result.obstacles.length > 0) return { code: await reportObstacles(context, request, result), result };
  if (mode !== "check") refuseForeign(context, states);
  const due = states.filter(({ state }) => state !== "current");
  if (mode === "write") {
    if (!(await writeFiles(states))) return await generateAnew(context, request);
    // What is remembered is not read again, and would not be warned of again.
    if (result.warnings.length === 0) await remember(request, result);
  }
  if (mode === "check" && !request.json) await printDiff(context, due);
  const status = due.length > 0 && mode === "check" ? "stale" : "ok";
  const files = states.map(({ path, state }) => ({ path, state: stateWord(state, mode) }));
  return { code: report(context, request, { status, files, errors: [] }), result };
}

function stateWord(state: FileState["state"], mode: GenerateRequest["mode"]): string {
  if (mode !== "write") return state;
  return {
    current: "unchanged",
    stale: "updated",
    missing: "created",
    orphan: "removed",
    foreign: "foreign",
  }[state];
}

function refuseForeign({ cwd }: CommandContext, states: readonly FileState[]): void {
  const foreign = states.find(({ state }) => state === "foreign");
  if (foreign === undefined) return;
  const file = relativePath(foreign.path, cwd);
  const message = `${file} was not written by session-gen and is left alone. Move it, or choose another output.`;
  throw new CommandError(message, 2, [wholeFile(file, message)]);
}

async function reportFaults(
  context: CommandContext,
  request: GenerateRequest,
  { errors }: GenerateResult,
): Promise<ExitCode> {
  if (!request.json) {
    const { renderFaults } = await import("../schema-error.js");
    context.log(`${renderFaults(errors, { cwd: context.cwd, colour: context.color }).trimEnd()}\n`);
  }
  return report(context, request, { status: "error", files: [], errors });
}

async function logWarnings({ cwd, color, log }: CommandContext, { warnings }: GenerateResult): Promise<void> {
  if (warnings.length === 0) return;
  const { renderFaults } = await import("../schema-error.js");
  const faults = warnings.map((warning) => ({ ...warning, message: `warning: ${warning.message}` }));
  log(`${renderFaults(faults, { cwd, colour: color }).trimEnd()}\n\n`);
}

async function reportObstacles(
  context: CommandContext,
  request: GenerateRequest,
  { obstacles }: GenerateResult,
): Promise<ExitCode> {
  const isBreaking = obstacles.some(({ status }) => status === "breaking");
  if (!request.json) {
    const { renderFaults } = await import("../schema-error.js");
    const faults = obstacles.map((fault) => ({ ...fault, message: `${fault.status}: ${fault.message}` }));
    const text = renderFaults(faults, { cwd: context.cwd, colour: context.color });
    context.log(`${text.trimEnd()}\n\nNothing was written.\n`);
  }
  const errors = obstacles.map(({ file, line, column, message }) => ({ file, line, column, message }));
  return report(context, request, { status: isBreaking ? "breaking" : "undecided", files: [], errors });
}

function report(context: CommandContext, request: GenerateRequest, outcome: Outcome): ExitCode {
  const { cwd } = context;
  const files = outcome.files.map(({ path, state }) => ({ path: relativePath(path, cwd), state }));
  const changed = files.filter(({ state }) => state !== "current" && state !== "unchanged");
  if (request.json) {
    const errors = outcome.errors.map((fault) => ({ ...fault, file: relativePath(fault.file, cwd) }));
    context.print(`${JSON.stringify({ status: outcome.status, files, errors })}\n`);
  } else {
    for (const { path, state } of changed) context.log(`${state.padEnd(9)}${path}\n`);
    if (outcome.status === "ok" && changed.length === 0) context.log("Everything is current.\n");
  }
  return exitCode(outcome.status, request.mode);
}

function exitCode(status: Status, mode: GenerateRequest["mode"]): ExitCode {
  if (status === "ok") return 0;
  if (status === "error") return 2;
  return status === "undecided" && mode !== "check" ? 3 : 1;
}

async function printDiff({ cwd, print }: CommandContext, due: readonly FileState[]): Promise<void> {
  const { createTwoFilesPatch } = await import("diff");
  for (const { path, before, after } of due) {
    const name = relativePath(path, cwd);
    print(createTwoFilesPatch(name, name, before, after, "on disk", "generated"));
  }
}
