import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { TestCase, TestModule } from "vitest/node";
import { childrenOf, commandOf, signalAll } from "../servers/process-family.js";
import { isNightly } from "./faults/scale.js";
import { silence } from "./silence.js";

/** Milliseconds after which a file is named as one that takes long, and again and again after as many. */
const long = 100_000;

interface RunningFile {
  readonly startedAt: number;
  namedAt: number;
  test: TestCase | null;
}

/**
 * A reporter for runs that do not come to their end. It names the files that take long, and the tests that fail, at once;
 * and it ends a run in which nothing happens any more: a file that waits at its top has no time limit, and none can end
 * a loop or a synchronous call. Their processes are killed, so that the run fails.
 */
export default class StuckFiles {
  /** By name: the same file is another object when it has been read. */
  readonly #running = new Map<string, RunningFile>();
  #heardAt = performance.now();
  #watch: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#heardAt = performance.now();
    this.#running.clear();
    this.#watch = setInterval(() => this.#look(performance.now()), 1000).unref();
  }

  onTestRunEnd(): void {
    clearInterval(this.#watch);
  }

  onTestModuleQueued(file: TestModule): void {
    this.#heardAt = performance.now();
    this.#running.set(file.relativeModuleId, {
      startedAt: this.#heardAt,
      namedAt: this.#heardAt,
      test: null,
    });
  }

  onTestCaseReady(test: TestCase): void {
    this.#heardAt = performance.now();
    const file = this.#running.get(test.module.relativeModuleId);
    if (file) file.test = test;
  }

  onTestCaseResult(test: TestCase): void {
    this.#heardAt = performance.now();
    const { state, errors = [] } = test.result();
    if (state === "failed")
      console.error(
        `Failed: ${test.module.relativeModuleId}, ${test.fullName}:`,
        errors[0]?.message.slice(0, 1000),
      );
  }

  onTestModuleEnd(file: TestModule): void {
    this.#heardAt = performance.now();
    this.#running.delete(file.relativeModuleId);
  }

  #look(now: number): void {
    const isStuck =
      this.#running.size > 0 && now - this.#heardAt > silence[isNightly ? "byNight" : "inEveryRun"];
    for (const [name, running] of this.#running) {
      if (!isStuck && now - running.namedAt < long) continue;
      running.namedAt = now;
      const seconds = Math.round((now - running.startedAt) / 1000);
      const test = running.test?.fullName ?? "no word of its tests";
      console.error(`${isStuck ? "Stuck" : "Running"} for ${seconds} s: ${name}, ${test}`);
    }
    if (!isStuck) return;
    this.#heardAt = now;
    this.#running.clear();
    void endWorkers();
  }
}

async function endWorkers(): Promise<void> {
  for (const worker of childrenOf(process.pid)) {
    const started = childrenOf(worker).map(commandOf);
    console.error(`Process ${worker} (${commandOf(worker)}) runs:`, started, await stackOf(worker));
    signalAll([worker], "SIGKILL");
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
