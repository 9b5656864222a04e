import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { partNames } from "./parts.js";

/**
 * Runs every part of the bench, or those that are named, one after the other, each in a process of its own, as
 * `npm run bench:NAME` does.
 */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !partNames.some((part) => part === name));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(", ")}, but ${partNames.join(", ")}.`);
const parts = partNames.filter((name) => wanted.length === 0 || wanted.includes(name));
const failed = parts.filter((name) => {
  console.log(`\n# ${name}\n`);
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return spawnSync(process.execPath, [...process.execArgv, script], { stdio: "inherit" }).status !== 0;
});
if (failed.length > 0) {
  console.error(
    `Not measured: ${failed.join(", ")}. Their figures in bench/RESULTS.md are those from before.`,
  );
  process.exitCode = 1;
}
