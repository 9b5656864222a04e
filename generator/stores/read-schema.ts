import { resolve } from "node:path";
import { type CommandContext, CommandError } from "../command.js";
import type { LoadedModel } from "../load/load-model.js";

/** Loads the one schema that a command works with; its faults are logged. Throws `CommandError` for them. */
export async function readSchema(
  { cwd, log, color }: CommandContext,
  file = "session.schema.ts",
): Promise<LoadedModel> {
  const { loadModels } = await import("../load/load-model.js");
  const { relativePath, renderFaults, SchemaError } = await import("../schema-error.js");
  const loaded = await loadModels([resolve(cwd, file)]).catch((error: unknown) => {
    if (!(error instanceof SchemaError)) throw error;
    log(`${renderFaults(error.faults, { cwd, colour: color }).trimEnd()}\n`);
    const errors = error.faults.map((fault) => ({ ...fault, file: relativePath(fault.file, cwd) }));
    throw new CommandError(`The schema ${file} has faults.`, 2, errors);
  });
  const [schema] = loaded;
  if (schema === undefined) throw new CommandError("There is no schema.");
  return schema;
}
