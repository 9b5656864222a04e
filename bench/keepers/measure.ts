import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Profiler } from "node:inspector";
import { bundleScript } from "../bundle.js";
import type { KeeperName, Task } from "./worker.js";

/** A keeper in a process of its own, with its sessions. */
export interface FilledKeeper {
  readonly name: KeeperName;
  /** Microseconds of user and system time of its process for a call. */
  cost(task: Task): Promise<number>;
  /** What V8's profiler saw of these calls. */
  profile(task: Task): Promise<Profiler.Profile>;
  end(): void;
}

export interface Filling {
  /** Of a server, or the path of a file. */
  readonly url: string;
  readonly count: number;
  /** How many of them are loaded and saved. */
  readonly sample: number;
}

let script: string | undefined;

/** Starts one, and waits until it has its sessions. */
export async function startKeeper(name: KeeperName, { url, count, sample }: Filling): Promise<FilledKeeper> {
  script ??= bundleScript("keepers/worker");
  const child = fork(script, [name, url, String(count), String(sample)], {
    env: { ...process.env, NODE_ENV: "production" },
    execArgv: ["--max-old-space-size=16384"],
  });
  await answerOf(child, name);
  const ask = (task: Task): Promise<unknown> => {
    child.send(task);
    return answerOf(child, name);
  };
  return {
    name,
    cost: async (task) => Number(await ask(task)),
    profile: async (task) => (await ask({ ...task, isProfiled: true })) as Profiler.Profile,
    end: () => void child.kill(),
  };
}

async function answerOf(child: ChildProcess, name: string): Promise<unknown> {
  const hasEnded = new AbortController();
  const ended = (): void => hasEnded.abort(new Error(`The process of ${name} has ended.`));
  child.once("exit", ended);
  try {
    const [answer]: unknown[] = await once(child, "message", { signal: hasEnded.signal });
    return answer;
  } finally {
    child.off("exit", ended);
  }
}
