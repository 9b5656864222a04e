import { readdirSync, readFileSync } from "node:fs";
import { familyOf } from "../../test/servers/process-family.js";

/** Whether this system tells what processes of others have taken, as proc(5) does. */
export const tellsOthers = process.platform === "linux";

/** The processor time that a server and its children have taken so far, in microseconds; 0 where nobody tells. */
export function processorTimeOf(pid: number | undefined): number {
  if (pid === undefined || !tellsOthers) return 0;
  return familyOf(pid).reduce((sum, member) => sum + tasksOf(member), 0);
}

function tasksOf(pid: number): number {
  try {
    const folder = `/proc/${pid}/task`;
    return readdirSync(folder).reduce((sum, task) => {
      const [nanoseconds] = readFileSync(`${folder}/${task}/schedstat`, "utf8").split(" ");
      return sum + Number(nanoseconds) / 1000;
    }, 0);
  } catch {
    // It has ended in the meantime.
    return 0;
  }
}
