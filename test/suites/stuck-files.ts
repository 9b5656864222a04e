import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { TestCase, TestModule } from "vitest/node";

/** Milliseconds, longer than any test or hook may take: no time limit of theirs ends what is silent for longer. */
const patience = 310_000;

/**
 * A reporter that ends a run in which nothing happens any more. A file that waits at its top has no time limit, and
 * none can end a loop or a synchronous call. It says which files are stuck and what their processes do, and kills those,
 * so that the files fail.
 */
export default class StuckFiles {
  readonly #running = new Map<TestModule, TestCase | null>();
  #heardAt = performance.now();
  #watch: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#hear();
    this.#watch = setInterval(() => {
      if (this.#running.size === 0 || performance.now() - this.#heardAt < patience) return;
      this.#hear();
      void this.#endAll();
    }, 1000).unref();
  }

  onTestRunEnd(): void {
    clearInterval(this.#watch);
  }

  onTestModuleQueued(file: TestModule): void {
    this.#hear();
    this.#running.set(file, null);
  }

  onTestCaseReady(test: TestCase): void {
    this.#hear();
    this.#running.set(test.module, test);
  }

  onTestCaseResult(): void {
    this.#hear();
  }

  onTestModuleEnd(file: TestModule): void {
    this.#hear();
    this.#running.delete(file);
  }

  #hear(): void {
    this.#heardAt = performance.now();
  }

  async #endAll(): Promise<void> {
    for (const [file, test] of this.#running)
      console.error(`Stuck: ${file.relativeModuleId}, ${test?.fullName ?? "which has told of no test"}`);
    const running = processes();
    for (const { pid, command } of running.filter(({ parent }) => parent === process.pid)) {
      const started = running.filter(({ parent }) => parent === pid).map((child) => child.command);
      console.error(`Process ${pid} (${command}) runs:`, started, await stackOf(pid));
      process.kill(pid, "SIGKILL");
    }
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Process[] {
  return readdirSync("/proc").flatMap((name) => {
    const parent = /\) \w (\d+)/.exec(read(name, "stat"))?.[1];
    if (parent === undefined) return [];
    return [
      { pid: Number(name), parent: Number(parent), command: read(name, "cmdline").replaceAll("\0", " ") },
    ];
  });
}

function read(pid: string, name: "stat" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** Where a process is in its JavaScript, as Node's debugger shows it; one that waits for something has no such place. */
async function stackOf(pid: number): Promise<string> {
  const debug = spawn(process.execPath, ["inspect", "-p", String(pid)]);
  const shown = text(debug.stdout);
  for (const command of ["", "pause", "bt", "cont", "pause", "bt"]) {
    debug.stdin.write(`${command}\n`);
    await pause(1000);
  }
  debug.kill();
  return shown;
}
