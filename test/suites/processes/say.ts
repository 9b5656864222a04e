import { writeSync } from "node:fs";

/** Writes a line to standard output before it goes on; waits while nobody has read what stands there already. */
export function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}
