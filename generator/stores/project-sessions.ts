import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError } from "../command.js";
import { kindNames } from "../emit/kind-names.js";
import { failureText } from "../failure-text.js";
import type { LoadedModel } from "../load/load-model.js";
import { relativePath } from "../schema-error.js";
import type { Store } from "./store.js";

/** The sessions of two schemas, by which the runtime converts records from the format of one to that of the other. */
export interface SessionPair {
  readonly from: unknown;
  readonly to: unknown;
}

/** A schema and its store. */
interface Side {
  readonly schema: LoadedModel;
  readonly store: Store;
}

/**
 * The sessions that the generated code of two schemas makes over their stores; nothing is connected. `undefined` when
 * a schema has no output yet and both write records alike. Throws `CommandError` when they do not, and when an output
 * is not current or cannot be loaded.
 */
export async function openBoth(from: Side, to: Side): Promise<SessionPair | undefined> {
  const missing = [from, to].find(({ schema }) => !existsSync(outputOf(schema)));
  if (missing === undefined) {
    for (const { schema } of [from, to]) await assertCurrent(schema);
    return { from: await openGenerated(from), to: await openGenerated(to) };
  }
  if (formatOf(from.schema) === formatOf(to.schema)) return undefined;
  const file = basename(missing.schema.file);
  throw new CommandError(
    `The schemas write records differently, and to convert them the output of ${file} is needed: session-gen generate --schema ${file}`,
  );
}

/** Every setting that decides how a record is written. */
function formatOf({ model: { settings } }: LoadedModel): string {
  const { codec, compression, encryption } = settings;
  return JSON.stringify([codec, compression, encryption]);
}

/** What an older schema stood for would be converted as it was then, without a word. */
async function assertCurrent({ file }: LoadedModel): Promise<void> {
  const { generate } = await import("../generate.js");
  const { compareFiles } = await import("../write.js");
  const { files, outputFolders } = await generate({ schema: file });
  const code = files.filter(({ role }) => role !== "migration");
  const due = (await compareFiles(code, outputFolders)).find(({ state }) => state !== "current");
  if (due === undefined) return;
  const [schema, path] = [basename(file), relativePath(due.path, dirname(file))];
  throw new CommandError(
    `${path} is not what ${schema} stands for now: run session-gen generate --schema ${schema}`,
  );
}

/** The entry of what was generated for a schema, whether it is there or not. */
export function outputOf({ file, model }: LoadedModel): string {
  return join(resolve(dirname(file), model.settings.output), "index.ts");
}

/** The sessions that the generated code of a schema makes over its store. Throws `CommandError` when it cannot be loaded. */
export async function openGenerated({ schema, store }: Side): Promise<unknown> {
  if (!existsSync(outputOf(schema)))
    throw new CommandError(`${basename(schema.file)} has no output yet. Run session-gen generate.`);
  const { tsImport } = await import("tsx/esm/api");
  const url = pathToFileURL(outputOf(schema)).href;
  const { create } = kindNames(schema.model.name);
  try {
    const exported: Readonly<Record<string, unknown>> = await tsImport(url, url);
    const createSessions = exported[create];
    if (typeof createSessions === "function") return createSessions({ backend: store });
  } catch (error) {
    throw new CommandError(`The output of ${basename(schema.file)} cannot be loaded: ${failureText(error)}`);
  }
  throw new CommandError(
    `The output of ${basename(schema.file)} has no ${create}. Run session-gen generate.`,
  );
}
