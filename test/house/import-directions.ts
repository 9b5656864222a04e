import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { root } from "./source-files.js";

/** The file that lists the violations that are still there, one a line. */
export const knownViolationsFile = fileURLToPath(new URL("known-violations.txt", import.meta.url));

/** The imports that `.dependency-cruiser.mjs` forbids, sorted, each once, as `RULE: FROM → TO`. */
export async function listViolations(): Promise<readonly string[]> {
  const options = await extractDepcruiseOptions(`${root}.dependency-cruiser.mjs`);
  const { output } = await cruise(["runtime", "generator", "schema"], { ...options, baseDir: root });
  if (typeof output === "string") throw new Error(`Expected the result of a cruise, not ${output}`);
  return [...new Set([...againstDirection(output), ...inCircles(output)])].sort();
}

function againstDirection({ modules }: ICruiseResult): readonly string[] {
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.flatMap(({ rules = [], resolved }) =>
      rules
        .filter(({ name }) => !name.endsWith("-circle"))
        .map(({ name }) => `${name}: ${source} → ${resolved}`),
    ),
  );
}

/**
 * Each import that is part of a circle. dependency-cruiser names one path for each circle, and while circles overlap
 * it misses some, so that removing an import could add lines. Here it never does.
 */
function inCircles({ modules, folders = [] }: ICruiseResult): readonly string[] {
  const files: Graph = new Map(
    modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]),
  );
  const between: Graph = new Map(
    folders.map(({ name, dependencies = [] }) => [name, dependencies.map((to) => to.name)]),
  );
  return [
    ...circularEdges(files).map((edge) => `file-circle: ${edge}`),
    ...circularEdges(between).map((edge) => `folder-circle: ${edge}`),
  ];
}

/** What each file or folder imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

function circularEdges(graph: Graph): readonly string[] {
  const reached = new Map([...graph.keys()].map((start) => [start, reachableFrom(start, graph)]));
  return [...graph].flatMap(([from, imported]) =>
    imported.filter((to) => reached.get(to)?.has(from) === true).map((to) => `${from} → ${to}`),
  );
}

function reachableFrom(start: string, graph: Graph): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [start];
  for (let current = next.pop(); current !== undefined; current = next.pop()) {
    for (const to of graph.get(current) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      next.push(to);
    }
  }
  return reached;
}
