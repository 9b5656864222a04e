import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProject, type TestProject } from "./project.js";
import { storeSchema } from "./stores.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

const redis = 'redis({ url: env("WRONG_URL") })';
const database = (dialect: string): string => `database({ dialect: "${dialect}", url: env("WRONG_URL") })`;

/** What a person may have put there, and what the command makes of it. */
const wrong: readonly (readonly [backend: string, url: string, told: string])[] = [
  [redis, "redis://app:secret@ho st:6379", "An address of Redis is like redis://"],
  [redis, " redis://app:secret@localhost", "An address of Redis is like redis://"],
  [redis, "http://app:secret@localhost", "An address of Redis is like redis://"],
  [redis, "redis://app:secret@localhost/cache", "the number of a database"],
  [redis, "redis://app:secret%@localhost", "is written as %25"],
  [
    'redis({ sentinels: { hosts: [env("WRONG_URL")], name: "main" } })',
    "redis://app:secret@localhost:99999",
    "An address of Redis is like redis://",
  ],
  [database("postgres"), "mysql://app:secret@localhost/app", "is like postgres://"],
  [database("mysql"), "mysql://app:secret@localhost:99999/app", "is like mysql://"],
  [database("sqlite"), "file:///secret.sqlite", "is a file path"],
];

test.each(wrong)("of %s commands say where %s is read, and do not repeat it", async (backend, url, told) => {
  vi.stubEnv("WRONG_URL", url);
  project.write("session.schema.ts", storeSchema(backend));
  project.write("from.schema.ts", storeSchema('file({ directory: "./from" })'));
  await project.run();
  const commands = [
    ["doctor"],
    ["cleanup"],
    ["reindex"],
    ["copy", "--from", "from.schema.ts", "--to", "session.schema.ts"],
    ...(backend.startsWith("database") ? ["status", "up", "down"].map((step) => ["migrate", step]) : []),
  ];
  for (const command of commands) {
    const { code, log, out } = await project.run(...command);
    expect(code, command.join(" ")).toBeGreaterThan(0);
    expect(log + out, command.join(" ")).toContain(told);
    expect(log + out, command.join(" ")).toContain('It is read from env("WRONG_URL").');
    expect(log + out, command.join(" ")).not.toContain("secret");
  }
});
