import type { CommandContext } from "../command.js";
import { upgradedShapes } from "../emit/upgrade/upgrade-history.js";
import { readMemory } from "../history/memory.js";
import { prune } from "../history/prune.js";
import { readSchema } from "../stores/read-schema.js";

/** The shapes that the sessions of schemas have or are upgraded from, for `--prune`; says which versions go by that. */
export async function findLivingShapes(
  context: CommandContext,
  schemas: readonly string[],
): Promise<ReadonlySet<string>> {
  const { livingShapes } = await import("../stores/living-shapes.js");
  const living = new Set<string>();
  for (const path of schemas) {
    const schema = await readSchema(context, path);
    const { file } = await readMemory(schema.file, async () => true);
    if (file === undefined) continue;
    const shapes = file.versions.map(({ shape }) => shape);
    const upgraded = upgradedShapes(file, schema.upgrades?.fields ?? []);
    const own = new Set([...(await livingShapes(schema, shapes, context.log)), ...upgraded]);
    for (const shape of own) living.add(shape);
    const { dropped } = prune(file, own);
    const hashes = dropped.map(({ hash }) => hash).join(", ");
    context.log(
      dropped.length === 0
        ? "No version is dropped: the store has sessions of the oldest or an upgrade starts from it, or there are no more than the two that stay.\n"
        : `No session has the versions ${hashes}, and no upgrade starts from them: they are dropped.\n`,
    );
  }
  return living;
}
