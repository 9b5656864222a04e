import { basename, resolve } from "node:path";
import {
  type Command,
  type CommandContext,
  CommandError,
  type ExitCode,
  type OptionValues,
  textOption,
  wholeFile,
} from "../command.js";
import type { ShapeChange } from "../diff/change.js";
import type { ModelFile } from "../history/model-file.js";
import type { Obstacle } from "../history/obstacle.js";
import type { LoadedModel } from "../load/load-model.js";
import { relativePath } from "../schema-error.js";

/** `session-gen diff`: what changed in the shape, and what that costs. Writes nothing. */
export const diffCommand: Command = {
  help: {
    usage: "diff [options]",
    codes: {
      1: "a change breaks stored sessions",
      2: "wrong usage, the schema has faults, or --against names nothing",
      3: "a change needs a decision, which the message names",
    },
    example: "session-gen diff --against main",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    against: {
      type: "string",
      value: "REF|FILE",
      description: "a git ref, a model file or a schema file (the model file beside)",
    },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    if (words.length > 0)
      throw new CommandError(`diff takes no "${words[0]}"; name a ref or file with --against.`);
    const schema = await readSchema(context, values);
    const { title, changes, obstacles } = await compare(context, schema, textOption(values, "against"));
    const status = obstacles.length > 0 ? "undecided" : statusOf(changes);
    const errors = obstacles.map(({ message }) => wholeFile(relativePath(schema.file, context.cwd), message));
    if (values["json"] === true) {
      const listed = changes.map(({ field, severity, advice }) => ({ field, severity, advice }));
      context.print(`${JSON.stringify({ status, files: [], errors, changes: listed })}\n`);
    } else if (obstacles.length === 0) {
      const { reportChanges } = await import("../diff/report.js");
      context.print(reportChanges(changes, { title, color: context.colorsOutput ?? false }));
    }
    for (const { message } of obstacles) context.log(`undecided: ${message}\n`);
    return exitCodes[status];
  },
};

type Status = "ok" | "breaking" | "undecided";

const exitCodes: Readonly<Record<Status, ExitCode>> = { ok: 0, breaking: 1, undecided: 3 };

async function readSchema({ cwd, log, color }: CommandContext, values: OptionValues): Promise<LoadedModel> {
  const file = resolve(cwd, textOption(values, "schema") ?? "session.schema.ts");
  const { loadModels } = await import("../load/load-model.js");
  const { renderFaults, SchemaError } = await import("../schema-error.js");
  const loaded = await loadModels([file]).catch((error: unknown) => {
    if (!(error instanceof SchemaError)) throw error;
    log(`${renderFaults(error.faults, { cwd, colour: color }).trimEnd()}\n`);
    const errors = error.faults.map((fault) => ({ ...fault, file: relativePath(fault.file, cwd) }));
    throw new CommandError("The schema has faults.", 2, errors);
  });
  const [schema] = loaded;
  if (schema === undefined) throw new CommandError("There is no schema.");
  return schema;
}

interface Comparison {
  readonly title: string;
  readonly changes: readonly ShapeChange[];
  /** What has to be settled before anything can be compared. */
  readonly obstacles: readonly Obstacle[];
}

async function compare(
  { cwd }: CommandContext,
  { file: schemaFile, model, upgrades }: LoadedModel,
  against: string | undefined,
): Promise<Comparison> {
  const { readMemory } = await import("../history/memory.js");
  const { headsObstacles } = await import("../history/obstacle.js");
  const { diffShapes } = await import("../diff/diff-shapes.js");
  const { numberFields } = await import("../history/numbering.js");
  const memory = await readMemory(schemaFile, async () => true, false);
  const { path, file: present } = memory;
  const obstacles = [...memory.obstacles, ...(present === undefined ? [] : headsObstacles(present))];
  if (obstacles.length > 0) return { title: "", changes: [], obstacles };
  const earlier =
    against === undefined
      ? { file: remembered(present, path), title: `its last version in ${basename(path)}` }
      : await (await import("../diff/earlier-file.js")).readEarlier(against, { cwd, schemaFile, present });
  const { settings, fields } = model;
  const after = numberFields(fields, present ?? earlier.file, settings.renamed);
  const answers = { upgrades: upgrades?.fields ?? [], upgradeFile: settings.upgrade, dropped: [] };
  return {
    title: `${relativePath(schemaFile, cwd)} against ${earlier.title}`,
    changes: diffShapes({ before: earlier.file, after, answers, isRigid: settings.codec === "bincode" }),
    obstacles,
  };
}

function remembered(present: ModelFile | undefined, path: string): ModelFile {
  if (present !== undefined) return present;
  throw new CommandError(
    `There is no ${basename(path)}, so that there is nothing to compare with. Run session-gen, or name something with --against.`,
  );
}

function statusOf(changes: readonly ShapeChange[]): Status {
  if (changes.some(({ severity }) => severity === "breaking")) return "breaking";
  return changes.some(({ severity }) => severity === "undecided") ? "undecided" : "ok";
}
