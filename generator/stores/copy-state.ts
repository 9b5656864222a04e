import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { CommandError } from "../command.js";
import { appendToFile, replaceFile } from "../write.js";

/** What a copy remembers between its runs: how far it had come, and every write that it brought. */
export interface CopyState {
  /** Where a run that was stopped is to go on. */
  readonly after: string | undefined;
  /** Where an interrupted run would go on; `undefined` when it has been through. Kept with the next batch. */
  reach(after: string | undefined): void;
  /** Keeps where the run has come to. */
  keep(): Promise<void>;
  /** As `copySessions` takes it. */
  readonly ledger: {
    readonly isComplete: boolean;
    add(writes: readonly CopiedWrite[]): Promise<void>;
    complete(): Promise<void>;
    writes(): AsyncIterable<CopiedWrite>;
  };
}

interface CopiedWrite {
  readonly id: string;
  readonly writeId: string;
}

interface Position {
  readonly after?: string | undefined;
  readonly isComplete: boolean;
}

/**
 * A state in two files, which hold handles and no secrets: `path` says how far the copy has come, and `path` with
 * `.writes` has a line for each write. Nothing is written to the disk before the first change.
 */
export function openCopyState(path: string): CopyState {
  let position = readPosition(path);
  let kept = position;
  const writes = `${path}.writes`;
  const keep = async (): Promise<void> => {
    if (kept === position) return;
    kept = position;
    await replaceFile(path, `${JSON.stringify(position)}\n`);
  };
  return {
    after: position.after,
    reach: (after) => {
      if (after !== position.after) position = { ...position, after };
    },
    keep,
    ledger: {
      get isComplete() {
        return position.isComplete;
      },
      add: async (added) => {
        await keep();
        if (added.length === 0) return;
        const lines = added.map(({ id, writeId }) => JSON.stringify([id, writeId]));
        // On a new line, though a kill may have cut the last one short.
        await appendToFile(writes, `\n${lines.join("\n")}\n`);
      },
      complete: async () => {
        if (!position.isComplete) position = { ...position, isComplete: true };
        await keep();
      },
      writes: () => readWrites(writes),
    },
  };
}

function readPosition(path: string): Position {
  if (!existsSync(path)) return { isComplete: false };
  try {
    const { after, isComplete }: Position = JSON.parse(readFileSync(path, "utf8"));
    return { ...(typeof after === "string" && { after }), isComplete: isComplete === true };
  } catch {
    throw new CommandError(`${path} is not the state of a copy. Give another one with --state.`);
  }
}

/** Up to the end that the file has now: what is added meanwhile belongs to the next reading. */
async function* readWrites(path: string): AsyncGenerator<CopiedWrite> {
  const end = existsSync(path) ? statSync(path).size - 1 : -1;
  if (end < 0) return;
  for await (const line of createInterface({ input: createReadStream(path, { end }) })) {
    const write = parseWrite(line);
    if (write !== undefined) yield write;
  }
}

/** A line that a kill has cut short names a write that was never made: it is added before. */
function parseWrite(line: string): CopiedWrite | undefined {
  if (line === "") return undefined;
  try {
    const [id, writeId]: readonly unknown[] = JSON.parse(line);
    return typeof id === "string" && typeof writeId === "string" ? { id, writeId } : undefined;
  } catch {
    return undefined;
  }
}
