// What the command costs: npm run bench:generator [rounds]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createLinkedProject, type LinkedProject } from "./linked-project.js";
import { rebuildCost } from "./rebuild-cost.js";
import { publish } from "./results.js";
import { median } from "./statistics.js";

const rounds = Number(process.argv[2] ?? 9);

/** Tells what processor time a process has taken, in milliseconds, as the last line of its standard error. */
const report = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); console.error((user + system) / 1000); });',
)}`;

/** The least that any generator has to do which runs a schema, reads and prints TypeScript and compiles a check. */
const bare = `import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { Project } from "ts-morph";
import { tsImport } from "tsx/esm/api";
await tsImport("./session.schema.ts", import.meta.url);
const file = new Project({ useInMemoryFileSystem: true }).createSourceFile("session.ts", "export class Session {}");
file.getClassOrThrow("Session").getText();
const ajv = new Ajv({ code: { source: true, esm: true } });
standalone.default(ajv, ajv.compile({ type: "object", properties: { userId: { type: "integer" } } }));
`;

using small = projectOf(10);
using large = projectOf(1000);
small.write("bare.mjs", bare);
const command = "node_modules/session-gen/dist/generator/bin.js";

const samples = new Map<string, number[]>();
for (let round = 0; round <= rounds; round += 1) {
  const costs = {
    bare: await cost(small, "bare.mjs"),
    cold: await cold(small),
    "no-op": await cost(small, command),
    "1,000 fields": await cold(large),
  };
  // The first fills the machine's caches.
  if (round > 0) for (const [name, value] of Object.entries(costs)) note(name, value);
}
for (const value of await rebuildCost(small, rounds)) note("rebuild under --watch", value);

const ratios = (name: string, other: string): readonly number[] =>
  samplesOf(name).map((value, round) => value / (samplesOf(other)[round] ?? Number.NaN));
const figure = (name: string): string => `${median(samplesOf(name)).toFixed(0)} ms`;
publish("generator", {
  title: "Generator: processor time of the command, all threads",
  conditions: [
    "A project in a folder of its own, with 10 fields and with 1,000; cold: without output, model and cache.",
  ],
  rows: [
    {
      ...{ what: "cold generate, 10 fields", against: "tsx, ts-morph and Ajv, each used once" },
      ...{ values: [...ratios("cold", "bare")], atMost: 1.25, note: `${figure("cold")}; ${figure("bare")}` },
    },
    {
      ...{ what: "generate when nothing has changed", against: "", unit: "ms", digits: 0 },
      ...{ values: [...samplesOf("no-op")], atMost: 400 },
    },
    {
      ...{ what: "rebuild under --watch", against: "", unit: "ms", digits: 0 },
      ...{ values: [...samplesOf("rebuild under --watch")], atMost: 500 },
    },
    {
      ...{ what: "cold generate, 1,000 fields", against: "10 fields", atMost: 3.5 },
      ...{
        values: [...ratios("1,000 fields", "cold")],
        note: `${figure("1,000 fields")}; ${figure("cold")}`,
      },
    },
  ],
});

function projectOf(fieldCount: number): LinkedProject {
  const project = createLinkedProject();
  const kinds = ["z.int().optional()", "z.string().max(80).optional()", 'z.enum(["a", "b"]).default("a")'];
  const fields = Array.from({ length: fieldCount }, (_, index) => `    f${index}: ${kinds[index % 3]},\n`);
  const shape = `z.object({\n${fields.join("")}  })`;
  project.write(
    "session.schema.ts",
    `import { defineSession } from "session-gen";\nimport { z } from "zod";\nexport default defineSession({ shape: ${shape} });\n`,
  );
  return project;
}

/** Generates where nothing has been generated. */
function cold(project: LinkedProject): Promise<number> {
  for (const name of ["generated", "session.model.json", "node_modules/.cache"]) {
    rmSync(project.path(name), { recursive: true, force: true });
  }
  return cost(project, command);
}

async function cost(project: LinkedProject, script: string): Promise<number> {
  const child = spawn(process.execPath, ["--import", report, script], {
    cwd: project.folder,
    env: project.environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0) throw new Error(log);
  return Number(log.trim().split("\n").at(-1));
}

function note(name: string, value: number): void {
  samples.set(name, [...samplesOf(name), value]);
}

function samplesOf(name: string): readonly number[] {
  return samples.get(name) ?? [];
}
