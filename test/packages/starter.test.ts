import { describe, expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { createProject } from "./installed-project.js";
import { type CookieJar, startApp } from "./running-app.js";
import { strictConfig, strictestOptions } from "./strict-project.js";

/** Its first request loads SQLite, which may take long on a busy machine. */
const app = `import { expressSession } from "@session-gen/runtime/express";
import express from "express";
import { createSessions } from "./generated/index.js";

const sessions = createSessions({ deadline: "20s" });
const app = express().use(expressSession(sessions));
app.post("/login", (req, res) => {
  req.session.userId = 42;
  res.json((req.session.visits += 1));
});
app.get("/", (req, res) => void res.json(req.session.userId ?? null));
app.listen(Number(process.env["PORT"]), () => console.log("listening"));
`;

const express = ["express", "@types/express"];

/** The same session over all three libraries of shapes and both stores; in every run the first, nightly all. */
const stacks = [
  { shapes: "zod", store: "SQLite", packages: [...express, "zod", "better-sqlite3"] },
  { shapes: "typebox", store: "SQLite", packages: [...express, "typebox", "better-sqlite3"] },
  { shapes: "@sinclair/typebox", store: "memory", packages: [...express, "@sinclair/typebox"] },
] as const;

/** Some twelve processes, on a machine that may be busy. */
const patience = { timeout: 120_000 };

describe.each(isNightly ? stacks : stacks.slice(0, 1))(
  "an empty project with our tarballs, $shapes and $store",
  ({ store, packages }) => {
    test("becomes an app with typed sessions by three commands and ten lines", patience, async () => {
      using project = createProject({ packages });
      expect(await project.run("npx", "session-gen", "init")).toMatchObject({ code: 0 });
      expect(await project.run("npx", "session-gen")).toMatchObject({ code: 0 });
      expect(await project.run("session-gen", "--check")).toMatchObject({ code: 0 });
      if (store === "SQLite") {
        expect(await project.run("session-gen", "migrate", "status")).toMatchObject({ code: 1 });
        expect(await project.run("npx", "session-gen", "migrate", "up")).toMatchObject({ code: 0 });
        expect(await project.run("session-gen", "migrate", "status")).toMatchObject({ code: 0 });
      }

      project.write("app.ts", app);
      project.write("wrong.ts", app.replace("userId = 42", 'userId = "42"'));
      project.write("tsconfig.json", strictConfig);
      const { output } = await project.run("tsc");
      expect(output.trim().split("\n")).toEqual([
        "wrong.ts(8,3): error TS2322: Type 'string' is not assignable to type 'number'.",
      ]);

      const cookies: CookieJar = new Map();
      {
        await using running = await startApp(project, "app.ts");
        expect(await running.send("GET", "/", cookies)).toBeNull();
        expect(await running.send("POST", "/login", cookies)).toBe(1);
        expect(await running.send("GET", "/", cookies)).toBe(42);
        expect([...cookies.keys()]).toEqual(["__Host-session"]);
      }
      await using restarted = await startApp(project, "app.ts");
      expect(await restarted.send("GET", "/", cookies)).toBe(store === "SQLite" ? 42 : null);
    });
  },
);

test("a project with Hono compiles strictly with the lines that init prints", patience, async () => {
  using project = createProject({ packages: ["hono", "zod"] });
  // With its schema, which exports a type where the compiler wants one.
  const config = { compilerOptions: strictestOptions, include: ["*.ts", "generated"] };
  project.write("tsconfig.json", JSON.stringify(config));
  const { output } = await project.run("npx", "session-gen", "init");
  const [, lines = ""] = /In the app:\n((?: {2}.*\n|\n(?= {2}))+)/.exec(output) ?? [];
  expect(await project.run("npx", "session-gen")).toMatchObject({ code: 0 });
  const before = 'import { Hono } from "hono";\nconst app = new Hono();';
  const after = 'app.get("/", (c) => c.json((c.var.session.visits += 1)));';
  project.write("app.ts", `${before}\n${lines}${after}\n`);
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
});
