import { type Command, CommandError, textOption } from "../command.js";
import { readCount } from "../stores/count-option.js";
import { interruptible } from "../stores/interruption.js";
import type { StepProgress } from "../stores/step-progress.js";
import { pagesOf, type Store } from "../stores/store.js";

/** `session-gen cleanup`: deletes the expired sessions of a schema's store. */
export const cleanupCommand: Command = {
  help: {
    usage: "cleanup [options]",
    codes: { 1: "stopped before the end" },
    example: "session-gen cleanup --batch 500",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    batch: { type: "string", value: "N", description: "how many sessions are deleted at a time (1000)" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    if (words.length > 0) throw new CommandError(`cleanup takes no "${words[0]}".`);
    const batchSize = readCount(values, "batch", 1000);
    const { readSchema } = await import("../stores/read-schema.js");
    const { openStore } = await import("../stores/open-store.js");
    const { createProgress } = await import("../stores/step-progress.js");
    const store = await openStore(await readSchema(context, textOption(values, "schema")), context.log);
    try {
      const progress = await createProgress(context, () => countExpired(store.backend));
      const { deleted, isStopped } = await interruptible((signal) =>
        sweep(store.backend, { batchSize, progress, signal }),
      ).finally(() => progress.end());
      context.log(`${deleted} expired sessions deleted.${isStopped ? " Stopped: there may be more." : ""}\n`);
      if (values["json"] === true) {
        const status = isStopped ? "stale" : "ok";
        context.print(`${JSON.stringify({ status, files: [], errors: [], deleted })}\n`);
      }
      return isStopped ? 1 : 0;
    } finally {
      await store.close();
    }
  },
};

interface Sweep {
  readonly batchSize: number;
  readonly progress: StepProgress;
  readonly signal: AbortSignal;
}

async function sweep(
  { abilities }: Store,
  { batchSize, progress, signal }: Sweep,
): Promise<{ readonly deleted: number; readonly isStopped: boolean }> {
  if (abilities.sweep === undefined)
    throw new CommandError("This store needs no clean-up: it forgets expired sessions by itself.");
  let deleted = 0;
  for (;;) {
    const count = await abilities.sweep.deleteExpired(Date.now(), batchSize);
    deleted += count;
    if (count > 0) progress.show(deleted, `${deleted} deleted`);
    // A store that answers in time, whatever is left, may stop before the batch is full, or before it has found any.
    if (count === 0 && abilities.sweep.isMidway?.() !== true) return { deleted, isStopped: false };
    if (signal.aborted) return { deleted, isStopped: true };
  }
}

/** How long the bar is. */
async function countExpired(store: Store): Promise<number> {
  const now = Date.now();
  let count = 0;
  for await (const { records } of pagesOf(store)) {
    count += records.filter(({ expiresAt }) => expiresAt <= now).length;
  }
  return count;
}
