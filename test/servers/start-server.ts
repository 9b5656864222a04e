import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "./free-port.js";
import { familyOf, signalAll, stopAll, untilGone } from "./process-family.js";
import type { TestServer } from "./test-server.js";
import { within } from "./until.js";

/** How one kind of server is run. */
export interface ServerPlan {
  readonly name: string;
  readonly command: string;
  readonly args: (port: number, folder: string) => readonly string[];
  readonly url: (port: number) => string;
  /** Resolves when the server answers; rejects while it does not. */
  readonly ask: (port: number) => Promise<unknown>;
  /** Whom it runs as, for one that refuses root. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Fills the new folder, before the first start. */
  readonly prepare?: (folder: string, port: number) => Promise<unknown>;
  /** What it finds in its environment besides what this process has. */
  readonly environment?: Readonly<Record<string, string>>;
}

const patience = 60_000;

/** Starts a server in a folder of its own. Both are gone when this process ends, however it ends. */
export async function startServer(plan: ServerPlan): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), `session-gen-${plan.name}-`));
  const endGuard = guard(folder);
  const port = await freePort();
  let current: ChildProcess | undefined;
  const run = async (): Promise<void> => {
    current = spawnServer(plan, folder, port);
    await untilReady(plan, folder, port, current);
  };
  const kill = async (): Promise<void> => {
    if (current === undefined || current.exitCode !== null || current.signalCode !== null) return;
    const pids = familyOf(pidOf(current));
    // Nothing else may be left that keeps this process until the server has ended.
    current.ref();
    const ended = once(current, "exit");
    signalAll(pids, "SIGKILL");
    await ended;
    await untilGone(pids);
    await rm(join(folder, "server.pid"), { force: true });
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    endGuard();
  };
  const pid = (): number => pidOf(current);
  try {
    await within(patience, plan.prepare?.(folder, port));
    await run();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: plan.url(port),
    port,
    get pid() {
      return pid();
    },
    pause: () => stopAll(familyOf(pid())),
    resume: () => signalAll([...familyOf(pid())].reverse(), "SIGCONT"),
    kill,
    restart: async () => {
      await kill();
      await run();
    },
    stop,
  };
}

function spawnServer(plan: ServerPlan, folder: string, port: number): ChildProcess {
  const log = openSync(join(folder, "server.log"), "a");
  const child = spawn(plan.command, plan.args(port, folder), {
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...plan.environment },
    ...plan.owner,
  });
  closeSync(log);
  // Its failure is told by `untilReady`; an event without a listener would end the test run.
  child.on("error", () => {});
  child.unref();
  if (child.pid !== undefined) writeFileSync(join(folder, "server.pid"), String(child.pid));
  return child;
}

async function untilReady(
  plan: ServerPlan,
  folder: string,
  port: number,
  child: ChildProcess,
): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return void (await within(5000, plan.ask(port)));
    } catch (error) {
      const hasEnded = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
      if (hasEnded || Date.now() > deadline) throw notStarted(plan, folder, error);
      await pause(20);
    }
  }
}

function notStarted({ name, command }: ServerPlan, folder: string, cause: unknown): Error {
  const log = readFileSync(join(folder, "server.log"), "utf8").split("\n").slice(-20).join("\n");
  return new Error(`${name} (${command}) did not start. Its last words:\n${log}`, { cause });
}

function pidOf(child: ChildProcess | undefined): number {
  if (child?.pid === undefined) throw new Error("The server does not run.");
  return child.pid;
}

/** Waits in a process of its own for the end of this one, then ends the server and its children and removes the folder. */
function guard(folder: string): () => void {
  const script = `cat >/dev/null
    pid=$(cat "$0/server.pid") && kill -9 $pid $(cat /proc/$pid/task/*/children)
    rm -rf "$0" || { sleep 1; rm -rf "$0"; }`;
  const child = spawn("sh", ["-c", script, folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  const { stdin } = child;
  if (stdin instanceof Socket) stdin.unref();
  return () => void stdin.end();
}
