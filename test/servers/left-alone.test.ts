import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processScript } from "../suites/faults/child.js";
import { isInstalled } from "./installed.js";
import { familyOf } from "./process-family.js";

test.skipIf(!isInstalled("postgres"))(
  "a test run that is killed leaves no server, no child, no folder",
  async () => {
    const run = spawn(process.execPath, [processScript("start-and-stay.ts")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void run.kill("SIGKILL"));
    const [said] = await once(run.stdout, "data");
    const family = familyOf(Number(said));
    const folder = dirname(readlinkSync(`/proc/${Number(said)}/cwd`));
    expect([family.length > 3, existsSync(folder)]).toEqual([true, true]);
    run.kill("SIGKILL");
    await once(run, "exit");
    const isLeft = (pid: number): boolean => existsSync(`/proc/${pid}/exe`);
    await expect.poll(() => family.filter(isLeft), { timeout: 5000 }).toEqual([]);
    await expect.poll(() => existsSync(folder), { timeout: 5000 }).toBe(false);
  },
);
