import { type CommandContext, CommandError } from "../command.js";
import type { LoadedModel } from "../load/load-model.js";
import { openStore } from "./open-store.js";
import { pagesOf } from "./store.js";

/**
 * Which of these shapes the sessions of a schema's store have. Looks at every record.
 *
 * @throws CommandError when the store cannot be opened by a command, or not be walked over.
 */
export async function livingShapes(
  schema: LoadedModel,
  shapes: readonly string[],
  log: CommandContext["log"],
): Promise<ReadonlySet<string>> {
  const { backend, close } = await openStore(schema, log);
  try {
    if (backend.abilities.scan === undefined) {
      throw new CommandError(
        "--prune looks which versions the stored sessions have, and this store cannot be walked over. Old versions cost a few lines: keep them.",
      );
    }
    const [living, now] = [new Set<string>(), Date.now()];
    for await (const { records } of pagesOf(backend)) {
      for (const { header, expiresAt } of records) {
        const shape = shapes.find((candidate) => header.includes(`;${candidate};`));
        if (shape !== undefined && expiresAt > now) living.add(shape);
      }
    }
    return living;
  } finally {
    await close();
  }
}
