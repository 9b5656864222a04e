import { Writable } from "node:stream";
import type { CommandContext } from "../command.js";

/** Shows how far a long command is: as a bar on a terminal, else as one line a batch. */
export interface StepProgress {
  /** So many are done, of the total if it is known. */
  show(done: number, message: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** `color` says that the log is a terminal, outside CI and without NO_COLOR: only there a bar is drawn. */
export async function createProgress(
  { color, log }: CommandContext,
  total: () => Promise<number>,
): Promise<StepProgress> {
  if (!color) return { show: (_done, message) => log(`${message}\n`), end: () => {} };
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      log(String(chunk));
      done();
    },
  });
  const { progress } = await import("@clack/prompts");
  const bar = progress({ max: Math.max(1, await total()), output });
  bar.start();
  let drawn = 0;
  return {
    show: (done, message) => {
      // A new walk begins at the left end again.
      bar.advance(done - drawn, message);
      drawn = done;
    },
    end: () => bar.stop(),
  };
}
