import { readdirSync, readFileSync } from "node:fs";
import { until } from "./until.js";

/** A process and its children and theirs, the parent first. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

/** The processes that a process has started and that are there; none where the system has no `/proc`. */
export function childrenOf(pid: number): readonly number[] {
  const children = tasksOf(pid).flatMap(
    (task) => read(`/proc/${pid}/task/${task}/children`)?.split(" ") ?? [],
  );
  return children.filter((child) => child.trim() !== "").map(Number);
}

/** The words with which a process was started. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? "";
}

/** Sends a signal to each that is still there. Those that ended in the meantime are no fault. */
export function signalAll(pids: readonly number[], signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

/** Stops them where they are; on a busy machine a signal is not yet felt when it has been sent. */
export function stopAll(pids: readonly number[]): void {
  signalAll(pids, "SIGSTOP");
  const end = Date.now() + 2000;
  while (pids.some(isMoving) && Date.now() < end);
}

/** Resolves when none of them runs any more; rejects after ten seconds. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isRunning), { what: "what was killed is gone", milliseconds: 10_000 });
}

/** A zombie, which nobody has asked after yet, holds nothing any more. */
function isRunning(pid: number): boolean {
  const state = stateOf(pid);
  return state !== undefined && state !== "Z" && state !== "X";
}

function isMoving(pid: number): boolean {
  return isRunning(pid) && stateOf(pid) !== "T";
}

/** One letter, as proc(5) says. */
function stateOf(pid: number): string | undefined {
  return read(`/proc/${pid}/stat`)?.replace(/^.*\) /s, "")[0];
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
