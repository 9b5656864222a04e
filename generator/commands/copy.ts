import { dirname, join, resolve } from "node:path";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionValues,
  textOption,
} from "../command.js";
import type { LoadedModel } from "../load/load-model.js";
import type { CopyState } from "../stores/copy-state.js";
import { readCount } from "../stores/count-option.js";
import {
  type CopyProgress,
  type CopyReport,
  describeProgress,
  describeReport,
  isCopyReport,
} from "../stores/describe-copy.js";
import { interruptible } from "../stores/interruption.js";
import type { CallRuntime } from "../stores/project-runtime.js";
import type { SessionPair } from "../stores/project-sessions.js";
import type { StepProgress } from "../stores/step-progress.js";
import { countSessions, type OpenedStore } from "../stores/store.js";

/** `session-gen copy --from F --to F`: live sessions from one schema's store to another's. */
export const copyCommand: Command = {
  help: {
    usage: "copy --from FILE --to FILE [options]",
    codes: {
      1: "stopped, the source is in use, a session could not be read, or --verify found a difference",
    },
    example: "session-gen copy --from old.schema.ts --to session.schema.ts --verify",
  },
  options: {
    from: { type: "string", value: "FILE", description: "the schema of the store that has the sessions" },
    to: { type: "string", value: "FILE", description: "the schema of the store that is to have them" },
    "dry-run": { type: "boolean", description: "write nothing; say what would be done" },
    verify: { type: "boolean", description: "compare every session at the end" },
    batch: { type: "string", value: "N", description: "how many sessions are held at a time (500)" },
    state: {
      type: "string",
      value: "FILE",
      description: "the file that remembers the copy (.session-gen/copy-….json)",
    },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    if (words.length > 0) throw new CommandError(`copy takes no "${words[0]}".`);
    const batchSize = readCount(values, "batch", 500);
    const route = await readRoute(context, values);
    const { importRuntime } = await import("../stores/project-runtime.js");
    const call = await importRuntime(route.to.file);
    const from = await openSide(context, route.from, "--from");
    try {
      // After the source is known to be one that can be copied: an index is no remedy where it cannot.
      assertFound(route.from, route.to);
      const to = await openSide(context, route.to, "--to");
      try {
        const { openBoth } = await import("../stores/project-sessions.js");
        const convert = await openBoth(
          { schema: route.from, store: from.backend },
          { schema: route.to, store: to.backend },
        );
        const report = await copy({
          context,
          values,
          batchSize,
          call,
          from,
          to,
          convert,
          state: route.state,
        });
        return tell(context, values, report);
      } finally {
        await to.close();
      }
    } finally {
      await from.close();
    }
  },
};

/** Opens a store and asks it something, so that a fault is told with the side that has it. */
async function openSide(
  { cwd, log }: CommandContext,
  schema: LoadedModel,
  option: string,
): Promise<OpenedStore> {
  const { openStore } = await import("../stores/open-store.js");
  const { failureText } = await import("../failure-text.js");
  const { relativePath } = await import("../schema-error.js");
  let store: OpenedStore | undefined;
  try {
    store = await openStore(schema, log);
    await store.backend.exists("none");
    return store;
  } catch (error) {
    await store?.close();
    throw new CommandError(`${option} ${relativePath(schema.file, cwd)}: ${failureText(error)}`);
  }
}

interface Route {
  readonly from: LoadedModel;
  readonly to: LoadedModel;
  readonly state: CopyState;
}

async function readRoute(context: CommandContext, values: OptionValues): Promise<Route> {
  const [fromFile, toFile] = [textOption(values, "from"), textOption(values, "to")];
  if (fromFile === undefined || toFile === undefined)
    throw new CommandError("copy needs two schema files: --from F --to F.");
  const { readSchema } = await import("../stores/read-schema.js");
  const { routeName, storeAddress } = await import("../stores/store-address.js");
  const { openCopyState } = await import("../stores/copy-state.js");
  const from = await readSchema(context, fromFile);
  const to = await readSchema(context, toFile);
  assertOneKind(from, to);
  const addresses = [from, to].map(({ model }) => storeAddress(model.settings.backend));
  const [source = "", target = ""] = addresses;
  if (source === target)
    throw new CommandError("Both schemas declare the same store: there is nothing to copy.");
  const file = textOption(values, "state");
  const path =
    file === undefined
      ? join(dirname(to.file), ".session-gen", `copy-${routeName(source, target)}.json`)
      : resolve(context.cwd, file);
  return { from, to, state: openCopyState(path) };
}

/** The kind's name is bound into every handle: a session of one kind opens nothing in another. */
function assertOneKind(from: LoadedModel, to: LoadedModel): void {
  if (from.model.name === to.model.name) return;
  throw new CommandError(
    `The schemas are of two kinds, "${from.model.name}" and "${to.model.name}": a session of one opens nothing in the other. Give both the same name.`,
  );
}

/** What a copied record does not tell, the target cannot look up: revoke() would pass over it. */
function assertFound(from: LoadedModel, to: LoadedModel): void {
  const known = from.model.settings.indexes;
  const missing = to.model.settings.indexes.filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  throw new CommandError(
    `The target's schema indexes ${missing.join(", ")} and the source's does not: copied sessions would not be found by it. Add the index to the source's schema and run session-gen and its migrations there first.`,
  );
}

interface Copying {
  readonly context: CommandContext;
  readonly values: OptionValues;
  readonly batchSize: number;
  readonly call: CallRuntime;
  readonly from: OpenedStore;
  readonly to: OpenedStore;
  readonly convert: SessionPair | undefined;
  readonly state: CopyState;
}

async function copy({
  context,
  values,
  batchSize,
  call,
  from,
  to,
  convert,
  state,
}: Copying): Promise<CopyReport> {
  const { createProgress } = await import("../stores/step-progress.js");
  if (state.after !== undefined) context.log("Going on where the last copy was stopped.\n");
  const dryRun = values["dry-run"] === true;
  const progress = await createProgress(context, () => countSessions(from.backend));
  const onProgress = (step: CopyProgress): void => {
    if (!dryRun && step.step === "copy" && step.pass === 1) state.reach(step.after);
    show(progress, step);
  };
  try {
    const report = await interruptible(async (signal) =>
      call("copySessions", {
        ...{
          from: from.backend,
          to: to.backend,
          ledger: state.ledger,
          after: dryRun ? undefined : state.after,
        },
        ...(convert && { convert }),
        ...{ batchSize, dryRun, verify: values["verify"] === true, signal, onProgress },
      }),
    );
    if (isCopyReport(report)) return report;
    throw new CommandError("The runtime answers a copy with what this command does not know.");
  } finally {
    progress.end();
    if (!dryRun) await state.keep();
  }
}

function show(progress: StepProgress, step: CopyProgress): void {
  progress.show(step.seen, describeProgress(step));
}

function tell({ print, log }: CommandContext, values: OptionValues, report: CopyReport): ExitCode {
  const { outcome, unreadable = 0, verified } = report;
  const isWhole = !["stopped", "changing"].includes(outcome) && unreadable === 0;
  const isFine = isWhole && (verified?.different ?? 0) === 0;
  log(describeReport(report));
  if (values["json"] === true) {
    print(`${JSON.stringify({ status: isFine ? "ok" : "stale", files: [], errors: [], copy: report })}\n`);
  }
  return isFine ? 0 : 1;
}
