import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { toBarChart } from "./bar-chart.js";
import { toFlameGraph } from "./flame/flame-graph.js";
import { type Room, rooms } from "./flame/rooms.js";
import { toHeadlineTable } from "./headlines.js";
import { toTable } from "./markdown-table.js";
import { type PartName, partNames } from "./parts.js";
import { median } from "./statistics.js";

const rowShape = z.object({
  /** The heading of the table that it stands in; none when left out. */
  group: z.string().default(""),
  /** What is measured: `session only read, Redis`. */
  what: z.string(),
  /** What it is compared with. */
  against: z.string(),
  /** One a round; ratios to what it is compared with, where there is no unit. */
  values: z.array(z.number()).min(1),
  /** `"ms"`, `"%"`; none when left out. */
  unit: z.string().default(""),
  /** How many digits are shown behind the point. */
  digits: z.number().default(2),
  /** The goal; neither where a row is there to be read only. */
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  /** Which way is better; by its goal, or as the goals of its table have it, when left out. */
  better: z.enum(["more", "less"]).optional(),
  /** Figures beside the values: microseconds, requests a second. */
  note: z.string().default(""),
  /** What keeps it from its goal, told when the goal is missed: the limit, and how one sees it. */
  limit: z.string().default(""),
});
const chartShape = z.object({
  /** The heading that it stands under, below the table. */
  group: z.string().default(""),
  /** Of its file in `bench/charts/`. */
  name: z.string(),
  /** Says also whether more is better. */
  title: z.string(),
  unit: z.string(),
  bars: z.array(z.object({ label: z.string(), value: z.number(), isOurs: z.boolean() })),
});
const flameShape = z.object({
  /** The heading that it stands under, below the table. */
  group: z.string(),
  /** Of its file in `bench/charts/`. */
  name: z.string(),
  title: z.string(),
  /** Depth, room, name and percent of each, as `bench/flame/frames.ts` has them. */
  frames: z
    .array(z.tuple([z.number(), z.enum(Object.keys(rooms) as Room[]), z.string(), z.number()]).readonly())
    .readonly(),
});
const partShape = z.object({
  title: z.string(),
  command: z.string(),
  machine: z.string(),
  /** How what is compared was set up, a sentence or two each. */
  conditions: z.array(z.string()),
  rows: z.array(rowShape),
  charts: z.array(chartShape),
  flames: z.array(flameShape).default([]),
});

/** A claim, and what was measured of it. */
export type ResultRow = z.input<typeof rowShape>;

/** What a picture shows of it. */
export type Chart = z.input<typeof chartShape>;

/** A picture of what the time of a request is made of. */
export type FlameChart = z.input<typeof flameShape>;

type Part = z.infer<typeof partShape>;

/** What one bench has found. */
export interface Findings {
  readonly title: string;
  readonly conditions?: readonly string[];
  readonly rows: readonly ResultRow[];
  readonly charts?: readonly Chart[];
  readonly flames?: readonly FlameChart[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Prints what a bench has found and keeps it in `bench/results/NAME.json`, draws its charts into `bench/charts/`, and
 * writes `bench/RESULTS.md` anew from all that is kept.
 */
export function publish(name: PartName, findings: Findings): void {
  const part = toPart(name, findings);
  for (const folder of ["results", "charts"]) mkdirSync(here(folder), { recursive: true });
  writeFileSync(here(`results/${name}.json`), toJson(part));
  console.log(render(part));
  for (const [path, text] of toPages()) writeFileSync(here(path), text);
}

/** Prints what a bench has found of a part, and keeps nothing. */
export function print(name: PartName, findings: Findings): void {
  console.log(render(toPart(name, findings)));
}

function toPart(name: PartName, { title, conditions = [], rows, charts = [], flames = [] }: Findings): Part {
  const machine = `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)} at the end`;
  return partShape.parse({
    ...{ title, command: toCommand(name, process.argv.slice(2)), machine, conditions, charts, flames },
    rows: rows.map((row) => ({ ...row, values: row.values.map(rounded) })),
  });
}

/** With the arguments that a reader has to give for the same. */
function toCommand(name: PartName, given: readonly string[]): string {
  return [`npm run bench:${name}`, ...(given.length > 0 ? ["--", ...given] : [])].join(" ");
}

/** What the results that are kept are told by: `RESULTS.md`, the charts, and a table of the README; by path in `bench/`. */
export function toPages(): ReadonlyMap<string, string> {
  const parts = partNames.map((name) => readPart(name));
  const charts = parts.flatMap((part) => part.charts);
  const flames = parts.flatMap((part) => part.flames);
  const headlines = toHeadlineTable((name) => readPart(name).rows);
  return new Map([
    ["RESULTS.md", [introduction, ...parts.map(render)].join("\n")],
    ["../README.md", withTable(readFileSync(here("../README.md"), "utf8"), headlines)],
    ...charts.map((chart): [string, string] => [`charts/${chart.name}.svg`, toBarChart(chart)]),
    ...flames.map((flame): [string, string] => [`charts/${flame.name}.svg`, toFlameGraph(flame)]),
  ]);
}

function readPart(name: PartName): Part {
  return partShape.parse(JSON.parse(readFileSync(here(`results/${name}.json`), "utf8")));
}

/** The page with the table between its two marks anew. */
function withTable(page: string, table: string): string {
  const marks = /(<!-- bench:table -->\n\n)[^<]*(\n\n<!-- \/bench:table -->)/;
  if (!marks.test(page)) throw new Error("README.md has no marks of the table of the bench.");
  return page.replace(marks, (_, begin: string, end: string) => `${begin}${table}${end}`);
}

const introduction = `# Measured

Written by the commands below, each of which measures its own part anew; \`npm run bench\` runs all of them. A figure is the median over rounds in which
what is compared was measured in turn; behind it stand the least and the greatest of a round. The next column says whether more or less of it is better. A figure without
a unit is a ratio: where more is better, what the second takes divided by what the first takes, and where less is better, the other way round, so that the first is the better one
above 1 in the one case, and below 1 in the other. The last column has what each took, medians of their own, so that
their ratio is not quite the median of the ratios. Where it says so, what is compared is processor time, user and system: machines are shared, and requests a second move
with whoever else is there. Charts name what is measured as the tables do.
`;

function render({ title, command, machine, conditions, rows, charts, flames }: Part): string {
  const list = conditions.map((condition) => `- ${condition}`).join("\n");
  const groups = [...new Set(rows.map(({ group }) => group))];
  const blocks = groups.flatMap((group) => [
    group && `### ${group}`,
    ...renderGroup(
      rows.filter((row) => row.group === group),
      [...charts, ...flames].filter((picture) => picture.group === group),
    ),
  ]);
  return [`## ${title}`, `\`${command}\` · ${machine}`, list, ...blocks]
    .filter((block) => block !== "")
    .map((block) => `${block}\n`)
    .join("\n");
}

function renderGroup(rows: readonly Row[], charts: readonly Picture[]): readonly string[] {
  const head = ["what", "against", "measured", "better", "goal", "met", "one; the other"];
  const lines = rows.map((row) => [
    row.what,
    row.against,
    toFigure(row),
    toDirection(row, rows),
    toGoal(row),
    toVerdict(row),
    row.note,
  ]);
  const limits = rows
    .filter((row) => isMissed(row) && row.limit !== "")
    .map(({ what, against, limit }) => `- Not met, ${what}, against ${against}: ${limit}`);
  const pictures = charts.map((chart) => `![${chart.title}](charts/${chart.name}.svg)`);
  return [toTable([head, ...lines]), limits.join("\n"), ...pictures];
}

type Row = Part["rows"][number];
type Picture = (Part["charts"] | Part["flames"])[number];

function toFigure(row: Row): string {
  const { values, unit, digits } = row;
  const [least, greatest] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  const exact = median(values);
  // One digit more where the rounded figure would meet a goal that is missed.
  const isHidden = isMissed(row) && !isMissed({ ...row, values: [Number(exact.toFixed(digits))] });
  const middle = exact.toFixed(isHidden ? digits + 1 : digits);
  return `${middle}${unit && ` ${unit}`}${values.length > 1 ? ` (${least} to ${greatest})` : ""}`;
}

/** Of the goals of its table, if it has none and says nothing. */
function toDirection(row: Row, table: readonly Row[]): string {
  const own = directionOf(row);
  if (own !== undefined) return own;
  const others = new Set(table.map(directionOf).filter((direction) => direction !== undefined));
  return others.size === 1 ? [...others].join() : "";
}

function directionOf({ atLeast, atMost, better }: Row): "more" | "less" | undefined {
  if (atLeast !== undefined) return "more";
  return atMost === undefined ? better : "less";
}

function toGoal({ atLeast, atMost, unit }: Row): string {
  if (atLeast !== undefined) return `at least ${atLeast}${unit && ` ${unit}`}`;
  return atMost === undefined ? "" : `at most ${atMost}${unit && ` ${unit}`}`;
}

function toVerdict(row: Row): string {
  if (row.atLeast === undefined && row.atMost === undefined) return "";
  return isMissed(row) ? "**no**" : "yes";
}

function isMissed({ values, atLeast = -Infinity, atMost = Infinity }: Row): boolean {
  const middle = median(values);
  return middle < atLeast || middle > atMost;
}

/** With the digits that mean something, so that a change of a file shows what changed. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Lists that begin with a number on one line. */
function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replaceAll(/\[\s+[\d.-][^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, " "))}\n`;
}
