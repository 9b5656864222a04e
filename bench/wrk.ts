import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../test/servers/installed.js";
import type { Load } from "./load.js";

/** Where wrk is installed; `undefined` where it is not. */
export const wrk = findProgram("wrk");

/**
 * Sends GET requests by wrk for so many seconds, as fast as they are answered, and tells how many. Rejects when one was
 * not answered with 200. It ends at a moment and not at a count, so that some requests are cut off, one a connection at most.
 */
export async function sendByWrk(
  program: string,
  { port, path = "/", cookies, connections, first = 0 }: Omit<Load, "rate" | "requests">,
  seconds: number,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "session-gen-wrk-"));
  try {
    writeFileSync(join(folder, "cookies"), `${cookies.join("\n")}\n`);
    writeFileSync(join(folder, "requests.lua"), script(join(folder, "cookies"), path, first));
    const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", join(folder, "requests.lua")];
    const { stdout } = await promisify(execFile)(program, [...args, `http://127.0.0.1:${port}`]);
    const failures = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(stdout)?.[0];
    if (failures !== undefined) throw new Error(failures);
    return Number(/(\d+) requests in/.exec(stdout)?.[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function script(cookies: string, path: string, first: number): string {
  return `local requests = {}
local at = ${first}
function init()
  for cookie in io.lines("${cookies}") do
    requests[#requests + 1] = wrk.format("GET", "${path}", { Cookie = cookie })
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`;
}
