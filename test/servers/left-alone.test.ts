import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isInstalled } from "./installed.js";
import { familyOf } from "./process-family.js";

test.skipIf(!isInstalled("postgres"))(
  "a test run that is killed leaves no server, no child, no folder",
  async () => {
    const path = fileURLToPath(new URL("../suites/processes/start-and-stay.ts", import.meta.url));
    const run = spawn(process.execPath, ["--import", "tsx", path], { stdio: ["ignore", "pipe", "inherit"] });
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
