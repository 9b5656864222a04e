import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createPrometheusSink } from "../../../runtime/observability/prometheus.js";
import runtimePackage from "../../../runtime/package.json" with { type: "json" };

const source = z.object({ type: z.literal("prometheus"), uid: z.literal(["$", "{datasource}"].join("")) });
const dashboardFile = z.object({
  title: z.string(),
  uid: z.string().max(40),
  schemaVersion: z.int().min(30),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.string(), query: z.unknown() })),
  }),
  panels: z
    .array(
      z.object({
        id: z.int().min(1),
        title: z.string().min(1),
        description: z.string().min(1),
        type: z.enum(["stat", "timeseries"]),
        datasource: source,
        gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
        fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
        targets: z
          .array(
            z.object({ refId: z.string(), datasource: source, expr: z.string(), legendFormat: z.string() }),
          )
          .min(1),
      }),
    )
    .min(5),
});

const path = fileURLToPath(new URL("../../../runtime/grafana-dashboard.json", import.meta.url));
const dashboard = dashboardFile.parse(JSON.parse(readFileSync(path, "utf8")));
const targets = dashboard.panels.flatMap((panel) => panel.targets);

/** The labels of each series of a registry that has the sink's metrics. */
const labelsOf = new Map<string, readonly string[]>();

beforeAll(async () => {
  const registry = new Registry();
  const sink = createPrometheusSink({ registry });
  if (typeof sink === "function") throw new Error("The sink cannot be made ready.");
  await sink.ready?.();
  for (const metric of registry.getMetricsAsArray()) {
    const labels: unknown = Reflect.get(metric, "labelNames");
    const names = z.array(z.string()).parse(labels);
    const parts = Reflect.has(metric, "observe") ? ["_bucket", "_sum", "_count"] : [""];
    for (const part of parts)
      labelsOf.set(`${metric.name}${part}`, part === "_bucket" ? [...names, "le"] : names);
  }
});

/** The series that an expression names, each with the labels that it selects by. */
function selectorsOf(expr: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  return [...expr.matchAll(/\b(session_\w+)\{([^}]*)\}/g)].map(([, name = "", inside = ""]) => ({
    name,
    labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
  }));
}

/** The labels that an expression groups by. */
function groupedBy(expr: string): readonly string[] {
  return [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = ""]) => inside.split(/,\s*/));
}

describe("the Grafana dashboard", () => {
  it("is in the package that has the metrics", () => {
    expect(runtimePackage.files).toContain("grafana-dashboard.json");
  });

  it("has panels under ids of their own that do not lie upon each other", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { gridPos: a }] of panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of panels.slice(index + 1)) {
        const isBeside = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(isBeside).toBe(true);
      }
    }
    for (const panel of panels)
      expect(new Set(panel.targets.map(({ refId }) => refId)).size).toBe(panel.targets.length);
  });

  it("lets one choose the data source and the kinds", () => {
    const types = dashboard.templating.list.map(({ name, type }) => [name, type]);
    expect(types).toEqual([
      ["datasource", "datasource"],
      ["kind", "query"],
    ]);
    const [, kinds] = dashboard.templating.list;
    expect(JSON.stringify(kinds?.query)).toContain("label_values(session_accessed_total, kind)");
    expect(labelsOf.get("session_accessed_total")).toContain("kind");
  });

  it("has expressions whose brackets close, over a rate, with known functions", () => {
    const words = ["sum", "by", "rate", "histogram_quantile"];
    for (const { expr } of targets) {
      const bare = expr.replaceAll(/"[^"]*"/g, '""');
      expect(isBalanced(bare), expr).toBe(true);
      const called = [...bare.matchAll(/\b([a-z_]+)\s*\(/g)].map(([, name = ""]) => name);
      expect(called.filter((name) => !words.includes(name))).toEqual([]);
      expect(bare).toMatch(/\brate\(session_\w+\{kind=~""\}\[\$__rate_interval\]\)/);
    }
  });

  it("names only metrics that there are, by labels that they have", () => {
    for (const { expr, legendFormat } of targets) {
      const selectors = selectorsOf(expr);
      expect(selectors.map(({ name }) => name)).toEqual(expr.match(/\bsession_\w+/g));
      for (const { name, labels } of selectors) {
        const known = labelsOf.get(name) ?? [];
        expect(known, name).not.toEqual([]);
        for (const label of [...labels, ...groupedBy(expr)]) expect(known, expr).toContain(label);
      }
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
      for (const label of shown) expect(groupedBy(expr)).toContain(label);
    }
  });

  it("shows every metric", () => {
    const shown = new Set(targets.flatMap(({ expr }) => selectorsOf(expr).map(({ name }) => name)));
    const missing = [...labelsOf.keys()].filter((name) => !shown.has(name) && !/_(sum|count)$/.test(name));
    expect(missing).toEqual([]);
    expect(labelsOf.size).toBe(9 + 2 * 3);
  });
});

function isBalanced(text: string): boolean {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  for (const character of text) {
    if ("([{".includes(character)) open.push(character);
    else if (character in pairs && open.pop() !== pairs[character]) return false;
  }
  return open.length === 0;
}
