import { describe, expect, test } from "vitest";
import { codeBlock, codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { type CookieJar, startApp } from "./running-app.js";
import { strictConfig } from "./strict-project.js";

/** Some ten processes, on a machine that may be busy. */
const patience = { timeout: 120_000 };

describe("what the README shows", () => {
  test("is what is generated, compiles and runs", patience, async () => {
    using project = createProject({ packages: ["express", "@types/express", "zod", "better-sqlite3"] });
    project.write("session.schema.ts", codeBlock("README.md", "session.schema.ts"));
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    expect(await project.run("session-gen", "migrate", "up")).toMatchObject({ code: 0 });
    expect(project.read("generated/session.ts")).toContain(codeBlock("README.md", "generated/session.ts"));

    const app = codeBlock("README.md", "app.ts");
    project.write("app.ts", app);
    project.write("tsconfig.json", strictConfig);
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });

    const listen = 'app.listen(Number(process.env["PORT"]), () => console.log("listening"));';
    project.write("app.ts", app.replace(/app\.listen\(3000.*/, listen));
    const laptop: CookieJar = new Map();
    const phone: CookieJar = new Map();
    await using running = await startApp(project, "app.ts");
    expect(await running.send("POST", "/login", laptop)).toEqual({ visits: 1 });
    expect(await running.send("POST", "/login", phone)).toEqual({ visits: 1 });
    expect(await running.send("POST", "/logout-elsewhere", phone)).toBe(1);
    expect(await running.send("POST", "/login", laptop)).toEqual({ visits: 1 });
    expect(await running.send("POST", "/login", phone)).toEqual({ visits: 2 });
  });
});

describe("the quick start", () => {
  test("compiles and runs as it is printed", patience, async () => {
    using project = createProject({ packages: ["zod"] });
    const blocks = codeBlocks("docs/quick-start.md");
    for (const { name, text } of blocks) project.write(name, text);
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    project.write("tsconfig.json", strictConfig);
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });

    const programs = blocks.filter(({ text }) => text.includes("assert."));
    expect(programs.map(({ name }) => name)).toEqual(["session.ts", "backend.ts", "custom-cache.ts"]);
    for (const { name } of programs) {
      expect(await project.run("tsx", name), name).toEqual({ code: 0, output: "" });
    }
  });
});
