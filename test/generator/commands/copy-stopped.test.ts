import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../runtime/copied-records.js";
import { createStoreProject, type StoreProject } from "./stores.js";

const sessions = 1500;
const route = ["copy", "--from", "from.schema.ts", "--to", "to.schema.ts", "--batch", "10"];
let stores: StoreProject;

beforeEach(async () => {
  stores = await createStoreProject();
  for (let count = 0; count < sessions; count++) await stores.from.create(recordOf(`s${10_000 + count}`));
});

afterEach(() => stores.remove());

test("a first Ctrl-C ends it after the batch at hand; run again, it goes on there", async () => {
  const { code, lines } = await stopAfterBatch("SIGINT");
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe("Stopped. Run the same command again to go on.");
  await resumed();
});

test("a kill loses nothing; what the killed part brought is deleted when it has ended meanwhile", async () => {
  expect((await stopAfterBatch("SIGKILL")).code).toBeNull();
  expect(await stores.to.exists("s10000")).toBe(true);
  await stores.from.delete("s10000");
  await resumed();
  expect(await stores.to.exists("s10000")).toBe(false);
});

/** Runs the copy in a process of its own, and sends it a signal when it has told of a few batches. */
async function stopAfterBatch(signal: NodeJS.Signals): Promise<{ code: number | null; lines: string[] }> {
  const lines: string[] = [];
  const child = start();
  const ended = once(child, "exit");
  if (child.stderr === null) throw new Error("the child has no output");
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.startsWith("pass 1, copying: 50 seen")) child.kill(signal);
  }
  const [code] = await ended;
  return { code, lines };
}

function start(): ChildProcess {
  const bin = fileURLToPath(new URL("../../../generator/bin.ts", import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", bin, ...route], {
    cwd: stores.project.folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** The second run has less to do than the whole, says so, and leaves both stores the same. */
async function resumed(): Promise<void> {
  const run = await stores.project.run(...route, "--verify", "--json");
  expect(run.log).toContain("Going on where the last copy was stopped.\n");
  const { copy }: { copy: Readonly<Record<string, unknown>> } = JSON.parse(run.out);
  expect(copy).toMatchObject({ outcome: "complete", verified: { different: 0, foreign: 0 } });
  expect(copy["created"]).toBeGreaterThan(0);
  expect(copy["created"]).toBeLessThanOrEqual(sessions - 10);
}
