import { checkTasks, codecs, codecTasks, sizeOf } from "./codec-tasks.js";
import { measureRatios } from "./measure.js";
import { mapTasks, sessionTasks } from "./session-tasks.js";

/** Measures one codec, the checks or a use of sessions, and prints the figures by name, as JSON. */
const [, , group = ""] = process.argv;
console.log(JSON.stringify(await measureGroup()));

async function measureGroup(): Promise<Readonly<Record<string, number>>> {
  if (group === "checks") return measureRatios(checkTasks());
  const sessionTask = sessionTasks[group];
  if (sessionTask) return measureRatios([await sessionTask()]);
  if (group === "by hand") return measureRatios(mapTasks());
  const codec = codecs[group]?.();
  if (codec === undefined) throw new Error(`There is no ${group}.`);
  return { size: sizeOf(codec), ...(await measureRatios(codecTasks(codec))) };
}
