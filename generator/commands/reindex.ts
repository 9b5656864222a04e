import { type Command, type CommandContext, CommandError, textOption } from "../command.js";
import { readCount } from "../stores/count-option.js";
import { interruptible } from "../stores/interruption.js";
import type { IndexedStore, ReindexReport } from "../stores/reindex-store.js";
import { pagesOf, type Store } from "../stores/store.js";

/** `session-gen reindex`: brings the indexes of a schema's store up to date with its sessions. */
export const reindexCommand: Command = {
  help: {
    usage: "reindex [options]",
    codes: { 1: "stopped before the end, or older code is still writing" },
    example: "session-gen reindex --batch 500",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    batch: { type: "string", value: "N", description: "how many sessions are held at a time (500)" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    if (words.length > 0) throw new CommandError(`reindex takes no "${words[0]}".`);
    const batchSize = readCount(values, "batch", 500);
    const { readSchema } = await import("../stores/read-schema.js");
    const { openStore } = await import("../stores/open-store.js");
    const { describeReindex, openIndexes } = await import("../stores/reindex-store.js");
    const schema = await readSchema(context, textOption(values, "schema"));
    const store = await openStore(schema, context.log);
    try {
      const indexes = await openIndexes(schema, store);
      const report = await reindex(context, { indexes, store: store.backend, batchSize });
      context.log(describeReindex(report));
      const isComplete = report.outcome === "complete";
      if (values["json"] === true) {
        const status = isComplete ? "ok" : "stale";
        context.print(`${JSON.stringify({ status, files: [], errors: [], reindex: report })}\n`);
      }
      return isComplete ? 0 : 1;
    } finally {
      await store.close();
    }
  },
};

interface Reindexing {
  readonly indexes: IndexedStore;
  readonly store: Store;
  readonly batchSize: number;
}

async function reindex(
  context: CommandContext,
  { indexes, store, batchSize }: Reindexing,
): Promise<ReindexReport> {
  const { createProgress } = await import("../stores/step-progress.js");
  const progress = await createProgress(context, () => countRecords(store));
  return await interruptible((signal) =>
    indexes.reindex({
      batchSize,
      signal,
      onProgress: ({ pass, seen, updated }) =>
        progress.show(seen, `walk ${pass}: ${seen} looked at, ${updated} brought up to date`),
    }),
  ).finally(() => progress.end());
}

/** How long the bar is. */
async function countRecords(store: Store): Promise<number> {
  let count = 0;
  for await (const { records } of pagesOf(store)) count += records.length;
  return count;
}
