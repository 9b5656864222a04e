import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../../house/source-files.js";

/** The built command, watching in a process of its own. */
export interface RunningWatch extends AsyncDisposable {
  /** Resolves with what has been logged since the last time, once it matches; fails after half a minute. */
  logged(pattern: RegExp): Promise<string>;
  /** Sends a signal and gives the exit code, `null` when the signal itself ended the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startWatch(folder: string, ...args: readonly string[]): RunningWatch {
  const command = [`${root}/dist/generator/bin.js`, "--watch", ...args];
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  return {
    logged: async (pattern) => {
      const late = AbortSignal.timeout(30_000);
      while (!pattern.test(log)) {
        await once(child.stderr, "data", { signal: late }).catch((cause: unknown) => {
          throw new Error(`There is no ${pattern} in:\n${log}`, { cause });
        });
      }
      const said = log;
      log = "";
      return said;
    },
    end: async (signal) => {
      child.kill(signal);
      const [code]: unknown[] = await ended;
      return typeof code === "number" ? code : null;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
