import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inject, onTestFinished } from "vitest";

/** A process of a test, and what is said to and fro. */
export interface Child {
  /** The next line that it says; rejects when it ends without one. */
  nextLine(): Promise<string>;
  say(line: string): void;
  /** Says that nothing more will be said. */
  end(): void;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** The plain file of a script of `test/suites/processes`. */
export function processScript(script: string): string {
  return join(inject("processFolder"), script.replace(/\.ts$/, ".js"));
}

/** Runs a script of `test/suites/processes`. It does not outlive its test. */
export function startChild(script: string, args: readonly (string | number)[]): Child {
  const child = spawn(process.execPath, [processScript(script), ...args.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    nextLine: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended without a word.`);
      return value;
    },
    say: (line) => void child.stdin.write(`${line}\n`),
    end: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    ended: once(child, "exit").then(([code, signal]) => code ?? signal),
  };
}
