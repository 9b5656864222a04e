import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { startApp } from "./running-app.js";
import { strictConfig } from "./strict-project.js";

/** A handful of processes, on a machine that may be busy. */
const patience = { timeout: 120_000 };

test("the page on analytics compiles as printed, and its app shows what was counted", patience, async () => {
  using project = createProject({ packages: ["zod", "express", "@types/express", "prom-client"] });
  for (const { name, text } of codeBlocks("docs/analytics.md")) project.write(name, text);
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  project.write("tsconfig.json", strictConfig);
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  await using running = await startApp(project, "app.ts");
  await running.send("GET", "/", new Map());
  const metrics = await fetch(new URL("/metrics", running.url)).then((response) => response.text());
  expect(metrics).toContain('session_created_total{kind="session"} 1\n');
  expect(project.read("node_modules/@session-gen/runtime/grafana-dashboard.json")).toContain("session-gen");
});
