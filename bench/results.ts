import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { median } from "./statistics.js";

const rowShape = z.object({
  /** What is measured: `session only read, Redis`. */
  what: z.string(),
  /** What it is compared with. */
  against: z.string(),
  /** One ratio a round. */
  ratios: z.array(z.number()).min(1),
  /** In words; the number that `atLeast` or `atMost` has. */
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  /** Figures beside the ratio: microseconds, requests a second. */
  note: z.string().default(""),
});
const sectionShape = z.object({
  title: z.string(),
  command: z.string(),
  machine: z.string(),
  rows: z.array(rowShape),
});

/** A claim, and what was measured of it. */
export type ResultRow = z.input<typeof rowShape>;
type Section = z.infer<typeof sectionShape>;

const folder = fileURLToPath(new URL("./results/", import.meta.url));
const page = fileURLToPath(new URL("./RESULTS.md", import.meta.url));

/** Prints the rows of a bench, keeps them in `bench/results/NAME.json`, and writes `bench/RESULTS.md` anew from all that are kept. */
export function publish(name: string, title: string, rows: readonly ResultRow[]): void {
  const machine = `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)} at the end`;
  const section = sectionShape.parse({ title, command: `npm run bench:${name}`, machine, rows });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(section, null, 2)}\n`);
  console.log(render(section));
  const sections = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => sectionShape.parse(JSON.parse(readFileSync(`${folder}${file}`, "utf8"))));
  writeFileSync(page, [introduction, ...sections.map(render)].join("\n"));
}

const introduction = `# Measured

Written by the commands below, each of which measures its own part anew. A ratio is the median over rounds in which what is compared was measured in
turn; behind it stand the least and the greatest of a round. Where it says so, what is compared is processor time of the server, user and
system, for one request: machines are shared, and requests a second move with whoever else is there.
`;

function render({ title, command, machine, rows }: Section): string {
  const lines = rows.map(({ what, against, ratios, atLeast, atMost, note }) => {
    const ratio = median(ratios);
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    const goal =
      atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : "";
    const holds = ratio >= (atLeast ?? -Infinity) && ratio <= (atMost ?? Infinity);
    const verdict = goal === "" ? "" : holds ? "yes" : "**no**";
    return `| ${what} | ${against} | ${ratio.toFixed(2)} (${range}) | ${goal} | ${verdict} | ${note} |`;
  });
  const head = "| what | against | ratio | goal | met | |\n| --- | --- | --- | --- | --- | --- |";
  return `## ${title}\n\n\`${command}\` · ${machine}\n\n${head}\n${lines.join("\n")}\n`;
}
