import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { createProject } from "./installed-project.js";

/** Some ten processes, on a machine that may be busy. */
const patience = { timeout: 240_000 };

const schema = (
  backend: string,
): string => `import { database, defineSession, env, redis } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ userId: z.int().optional() }), deadline: "30s", backend: ${backend} });
`;

test("a newcomer whose app does not start is told why in a line", patience, async () => {
  using project = createProject({ packages: ["zod", "kysely", "better-sqlite3"] });
  const start = async (backend: string, use: string): Promise<string> => {
    project.write("session.schema.ts", schema(backend));
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    project.write("app.ts", `import { createSessions } from "./generated/index.js";\n${use}`);
    const { output } = await project.run("tsx", "app.ts");
    return /^said: .*$/m.exec(output)?.[0] ?? output;
  };
  const ready = told("createSessions().ready()");
  const said = {
    "a package that is not installed": await start("redis({ url: env('REDIS_URL') })", ready),
    "a variable that is not set": await start(
      'database({ dialect: "sqlite", url: env("DATABASE_URL") })',
      ready,
    ),
    "a table that is not there": await start(
      'database({ dialect: "sqlite", url: "./shop.sqlite" })',
      `const session = createSessions().create();\nsession.userId = 1;\n${told("session.save()")}`,
    ),
  };
  const text = Object.entries(said).map(([name, line]) => `${name}:\n  ${line}\n`);
  await expect(text.join("\n")).toMatchFileSnapshot("../golden/newcomer/in-the-app.txt");
});

/** What an app that does not catch it would log, without the stack. */
function told(call: string): string {
  return `await ${call}.catch((error) => console.log("said: " + error.code + ": " + error.message));\n`;
}

/** Root may write everywhere, so that it asks somebody else. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

test("a folder in which the user may not write is named, and what to do", patience, () => {
  using project = createProject({ packages: ["zod", "ioredis"] });
  project.write("session.schema.ts", schema('redis({ url: "redis://127.0.0.1" })'));
  mkdirSync(project.path("generated"));
  chmodSync(project.path("generated"), 0o555);
  if (asNobody.uid !== undefined) chownSync(project.folder, asNobody.uid, asNobody.gid);
  const { status, stderr } = spawnSync(project.path("node_modules/.bin/session-gen"), {
    cwd: project.folder,
    env: project.environment,
    encoding: "utf8",
    timeout: 60_000,
    ...asNobody,
  });
  expect(stderr).toBe(
    `session-gen: ${project.path("generated/index.ts")} cannot be written: this user may not write there. Give the folder to the user, or run the command as its owner.\n`,
  );
  expect(status).toBe(2);
});
