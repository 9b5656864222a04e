import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { LinkedProject } from "./linked-project.js";

/** Answers each message with the processor time that the process has taken, in milliseconds. */
const answer = `data:text/javascript,${encodeURIComponent(
  'process.on("message", () => { const { user, system } = process.cpuUsage(); process.send((user + system) / 1000); }); process.channel.unref();',
)}`;

/** What each of so many rebuilds takes of a command that watches, in milliseconds of processor time. */
export async function rebuildCost(project: LinkedProject, rounds: number): Promise<readonly number[]> {
  const command = ["--import", answer, "node_modules/session-gen/dist/generator/bin.js", "--watch"];
  const child = spawn(process.execPath, command, {
    cwd: project.folder,
    env: project.environment,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  try {
    await said(child, /watching/i);
    const schema = project.read("session.schema.ts");
    const costs: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const before = await spent(child);
      const limit = 81 + round;
      project.write("session.schema.ts", schema.replaceAll("max(80)", `max(${limit})`));
      await said(child, /updated/);
      costs.push((await spent(child)) - before);
    }
    // The first warms the compiler up.
    return costs.slice(1);
  } finally {
    child.kill();
  }
}

async function spent(child: ChildProcess): Promise<number> {
  child.send("how much?");
  const [milliseconds]: unknown[] = await once(child, "message");
  return Number(milliseconds);
}

async function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  let log = "";
  while (!pattern.test(log)) {
    if (child.stderr === null) throw new Error("It has no standard error.");
    const [text]: unknown[] = await once(child.stderr, "data", { signal: AbortSignal.timeout(60_000) });
    log += String(text);
  }
}
