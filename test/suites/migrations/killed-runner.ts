import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { root } from "../../house/source-files.js";

/** When a runner kills itself: at which statement that it sends, and whether before it has sent it. */
export interface Death {
  readonly at: number;
  readonly moment: "before" | "during";
}

/** The built command in a process of its own. */
export interface Runner {
  /** `die-at-statement.ts` as a plain file. */
  readonly script: string;
  readonly driver: "better-sqlite3" | "pg" | "mysql2";
  readonly folder: string;
  readonly words: readonly string[];
}

export interface RunnerEnd {
  /** Its exit code, or the signal that ended it. */
  readonly end: number | string;
  readonly log: string;
  /** How many statements it has sent; 0 when it was killed. */
  readonly statements: number;
}

/** Runs the command until its death or its end. */
export async function runUntilDeath(
  { script, driver, folder, words }: Runner,
  { at, moment }: Death,
): Promise<RunnerEnd> {
  const loaded = `${pathToFileURL(script).href}?driver=${driver}&at=${at}&moment=${moment}`;
  const child = spawn(process.execPath, ["--import", loaded, `${root}/dist/generator/bin.js`, ...words], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", log: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.log += chunk.toString();
  });
  const [code, signal] = await once(child, "close");
  return { end: code ?? signal, log: said.log, statements: Number(said.out.trim().split("\n").at(-1)) };
}
