import { checkTasks, codecs, codecTasks, sessionTasks, sizeOf } from "./codec-tasks.js";
import { measureRatios } from "./measure.js";

/** Measures one codec, the checks or whole sessions, and prints the figures by name, as JSON. */
const [, , group = ""] = process.argv;
console.log(JSON.stringify(await measureGroup()));

async function measureGroup(): Promise<Readonly<Record<string, number>>> {
  if (group === "checks") return measureRatios(checkTasks());
  if (group === "sessions") return measureRatios(await sessionTasks());
  const codec = codecs[group]?.();
  if (codec === undefined) throw new Error(`There is no ${group}.`);
  return { size: sizeOf(codec), ...(await measureRatios(codecTasks(codec))) };
}
