import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { checkTasks, codecs, codecTasks, sessionTasks, sizeOf } from "./codec-tasks.js";
import { measureRatios, median } from "./measure.js";

/**
 * What a session of twelve fields costs in bytes and processor time, as ratios, beside the goals. Each codec has a process
 * of its own, as in an app: in one with several, what they share is compiled for all of them. `-- 5` runs all of it five
 * times, and gives the medians.
 */
type Figures = Readonly<Record<string, number>>;

const [, , ...[word = "1"]] = process.argv;
if (/^\d+$/.test(word)) printTables(measureAll(Number(word)));
else console.log(JSON.stringify(await measureGroup(word)));

async function measureGroup(group: string): Promise<Figures> {
  if (group === "checks") return measureRatios(checkTasks());
  if (group === "sessions") return measureRatios(await sessionTasks());
  const codec = codecs[group]?.();
  if (codec === undefined) throw new Error(`There is no ${group}.`);
  return { size: sizeOf(codec), ...(await measureRatios(codecTasks(codec))) };
}

function measureAll(runs: number): ReadonlyMap<string, Figures> {
  const groups = [...Object.keys(codecs), "checks", "sessions"];
  const found = new Map(groups.map((group): [string, Figures[]] => [group, []]));
  for (let run = 0; run < runs; run += 1)
    for (const group of groups) found.get(group)?.push(inProcess(group));
  return new Map([...found].map(([group, list]) => [group, medians(list)]));
}

function inProcess(group: string): Figures {
  const parts = [...process.execArgv, fileURLToPath(import.meta.url), group];
  const { stdout, status } = spawnSync(process.execPath, parts, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${group} was not measured.`);
  return JSON.parse(stdout);
}

function medians(list: readonly Figures[]): Figures {
  const names = Object.keys(list[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(list.map((figures) => figures[name] ?? Number.NaN))]),
  );
}

function printTables(found: ReadonlyMap<string, Figures>): void {
  const figure = (group: string, name: string): string => found.get(group)?.[name]?.toFixed(2) ?? "";
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
  printTable([
    ["of JSON's", "bytes", "JSON.stringify into a Buffer", "JSON.parse"],
    ["the goal of protobuf", "0.44", "0.50", "0.42"],
    ...Object.keys(codecs).map((codec) => [
      codec,
      ...["size", "encode", "decode"].map((name) => figure(codec, name)),
    ]),
  ]);
  printTable([
    ["", "goal", "measured"],
    ["`sessions.load` from memory, of `JSON.parse`", "1.00", figure("sessions", "load")],
    ["`session.save` into memory, of `JSON.stringify` into a Buffer", "1.20", figure("sessions", "save")],
    ["`validate`, of zod", "0.20", figure("checks", "of zod")],
    ["`validate`, of a compiled TypeBox check", "1.20", figure("checks", "of TypeBox")],
    ["plain Ajv, of a compiled TypeBox check", "", figure("checks", "Ajv of TypeBox")],
  ]);
}

function printTable([head = [], ...rows]: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  console.log(`${[head, rule, ...rows].map(line).join("\n")}\n`);
}
