import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkServers } from "../../../generator/doctor/server-check.js";
import { withHash } from "../../../generator/history/model-file.js";
import { loadModels } from "../../../generator/load/load-model.js";
import { freePort } from "../../servers/free-port.js";
import { sharedServer } from "../../servers/shared-server.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { createProject, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

const folder = temporaryFolder();
const urls = {
  redis: await sharedServer("redis"),
  postgres: await sharedServer("postgres"),
  mysql: await sharedServer("mysql"),
};

function start(options: string): void {
  project = createProject({
    "session.schema.ts": `import { cookie, database, defineSession, env, file, memory, redis, replicated } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ visits: z.int().default(0) }), ${options} });
`,
  });
}

/** What is printed, with a finding a line. */
async function doctor(): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const { code, out } = await project.run("doctor");
  return {
    code,
    lines: out
      .trimEnd()
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " ")),
  };
}

describe("session-gen doctor", () => {
  it("says what is to be done, one thing after the other, and changes nothing", async () => {
    start('backend: database({ dialect: "sqlite", url: env("SHOP_DATABASE") })');
    expect((await doctor()).lines).toContain(
      "fix server backend: the environment variable SHOP_DATABASE is not set. Set it, or give env() a default",
    );
    const url = join(project.folder, "shop.sqlite");
    vi.stubEnv("SHOP_DATABASE", url);
    const before = await doctor();
    expect(before.code).toBe(1);
    expect(before.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^fix output not current: generated\/index\.ts \(missing\), .* Run session-gen$/,
        ),
        `fix server backend: there is no database ${url}. session-gen migrate up creates it`,
      ]),
    );
    expect(existsSync(join(project.folder, "generated"))).toBe(false);
    await project.run();
    await project.run("migrate", "up");
    const { code, lines } = await doctor();
    expect(lines.filter((line) => !line.startsWith("ok"))).toEqual([]);
    expect(lines).toContain("ok migrations 1 applied");
    expect(lines.find((line) => line.includes("SQLite"))).toMatch(
      /^ok server backend: SQLite 3\.[\d.]+ answers$/,
    );
    expect(code).toBe(0);
  });

  it("sees a migration that is pending", async () => {
    start(
      `backend: database({ dialect: "postgres", url: ${JSON.stringify(urls.postgres)}, table: "doctor_s" })`,
    );
    await project.run();
    const { code, lines } = await doctor();
    expect(lines).toContain(
      "fix migrations 1 pending, from 0001_create_doctor_s on. Run session-gen migrate up",
    );
    expect(code).toBe(1);
  });

  it("says of contract steps what they do, and when a step comes after one", async () => {
    const url = join(folder, "shop.sqlite");
    const schema = (indexes: string, table: string): string =>
      `import { database, defineSession } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ a: z.int().optional(), b: z.int().optional() }), indexes: [${indexes}],
  backend: database({ dialect: "sqlite", url: ${JSON.stringify(url)}, table: "${table}" }) });
`;
    project = createProject({ "session.schema.ts": schema('"a"', "one") });
    await project.run();
    await project.run("migrate", "up");
    project.write("session.schema.ts", schema("", "two"));
    await project.run();
    const { code, lines } = await doctor();
    const due =
      "Run session-gen migrate up --contract when no older version of the app runs any more: none works after it";
    expect(lines).toContain(
      `note migrations 0002_rename_one waits: it renames the table one to two, and destroys nothing. ${due}`,
    );
    expect(lines).toContain(
      `note migrations 0003_drop_a waits: it drops the column a with what is in it; the sessions keep their fields. ${due}`,
    );
    expect(code).toBe(0);
    project.write("session.schema.ts", schema('"b"', "two"));
    await project.run();
    expect((await doctor()).lines).toContain(
      "fix migrations 1 pending, from 0004_add_b on. Run session-gen migrate up --contract when no older version of the app runs any more: it comes after a step that waits for that",
    );
    await project.run("migrate", "up", "--contract");
    const after = await doctor();
    expect(after.lines.filter((line) => / (?:migrations|indexes) /.test(line))).toEqual([
      "ok migrations 4 applied",
      "ok indexes b: complete",
    ]);
    expect(after.code).toBe(0);
  });

  it("names the heads of a model file, and what joins them", async () => {
    start("backend: memory()");
    await project.run();
    const { versions } = JSON.parse(project.read("session.model.json"));
    const { hash: _, ...content } = versions[0];
    const other = withHash({ ...content, shape: "0123456789abcdef" });
    project.write("session.model.json", JSON.stringify({ versions: [...versions, other] }));
    const { code, lines } = await doctor();
    expect(lines.join("\n")).toMatch(
      new RegExp(
        `^fix output .* has two heads, .* and ${other.hash}: .* run session-gen --merge to join them\\.$`,
        "m",
      ),
    );
    expect(code).toBe(1);
  });

  it("asks every server of a chain for its version", async () => {
    start(`backend: replicated({ primary: redis({ url: ${JSON.stringify(urls.redis)} }), secondary:
      database({ dialect: "mysql", url: ${JSON.stringify(urls.mysql)} }) })`);
    const { lines } = await doctor();
    expect(lines.join("\n")).toMatch(/^ok server primary: Redis [\d.]+ answers$/m);
    expect(lines.join("\n")).toMatch(/^ok server secondary: (?:MariaDB|MySQL) [\d.]+ answers$/m);
  });

  it("bounds how long it waits for a server that does not answer", async () => {
    const port = await freePort();
    const silent = createServer().listen(port, "127.0.0.1");
    const postgres = `postgres://shop:sesame@127.0.0.1:${port}/shop`;
    start(`backend: replicated({ primary: redis({ url: "redis://127.0.0.1:${port}" }), secondary:
      database({ dialect: "postgres", url: "${postgres}" }) })`);
    const [schema] = await loadModels([join(project.folder, "session.schema.ts")]);
    if (schema === undefined) throw new Error("There is no schema.");
    const found = await checkServers(schema, 300);
    silent.close();
    expect(found.map(({ state }) => state)).toEqual(["fix", "fix"]);
    expect(found.map(({ message }) => message).join("\n")).toMatch(/primary: redis\(\) does not answer/);
  });

  it("shows no secret, also where a driver repeats it", async () => {
    vi.stubEnv("SHOP_REDIS", "redis://shop:open%20sesame@127.0.0.1:1/0");
    vi.stubEnv("SHOP_KEYS", "hunter2-hunter2,hunter2-hunter2");
    vi.stubEnv("SHOP_DATABASE", "postgres://127.0.0.1:1/shop?user=shop&password=open%20sesame");
    start(`backend: replicated({ primary: redis({ url: env("SHOP_REDIS") }), secondary:
      database({ dialect: "postgres", url: env("SHOP_DATABASE") }) }), encryption: { keys: env("SHOP_KEYS") }`);
    const { out } = await project.run("doctor", "--json");
    expect(out).not.toMatch(/sesame|hunter/);
    const { status, checks } = JSON.parse(out);
    expect(status).toBe("stale");
    expect(checks).toContainEqual({
      check: "keys",
      state: "fix",
      message: "encryption.keys: key 1 of 2 is no secret of 32 random bytes. session-gen keygen prints one",
    });
    expect(checks).toContainEqual({
      check: "keys",
      state: "fix",
      message: "encryption.keys: one key is listed twice. Remove it, or put the one you meant",
    });
    expect(checks).toContainEqual({
      check: "server",
      state: "fix",
      message: expect.stringMatching(/^primary: redis\(\) does not answer: /),
    });
  });

  it("notes what a cookie and a tenancy let happen, and ends well all the same", async () => {
    start(
      'backend: file({ directory: "./sessions" }), cookie: { sameSite: "none", httpOnly: false, domain: "shop.example" }, tenancy: { strict: false }',
    );
    await project.run();
    const { code, lines } = await doctor();
    expect(lines.filter((line) => /^note (?:cookie|tenancy)/.test(line))).toHaveLength(4);
    expect(lines).toContain("note server backend: the folder ./sessions is not there yet; the app makes it");
    expect(code).toBe(0);
    project.write("sessions", "a file");
    expect((await doctor()).lines).toContain(
      "fix server backend: a file stands where the folder ./sessions should be. Move it, or name another folder",
    );
  });

  it("sees a cookie's name of the environment that browsers drop", async () => {
    vi.stubEnv("SHOP_COOKIE", "__Host-Http-shop");
    start(
      'backend: memory(), cookie: { name: env("SHOP_COOKIE"), secure: false, httpOnly: false, domain: "shop.example", path: "/app" }',
    );
    await project.run();
    const { code, lines } = await doctor();
    const reasons = ["with Secure", "with HttpOnly", "without a domain", 'for the path "/"'];
    expect(lines.filter((line) => line.startsWith("fix cookie"))).toEqual(
      reasons.map(
        (reason) =>
          `fix cookie its name comes from the environment and begins as browsers take only ${reason}. Choose another name`,
      ),
    );
    expect(code).toBe(1);
    vi.stubEnv("SHOP_COOKIE", "shop");
    expect((await doctor()).lines.filter((line) => line.startsWith("fix cookie"))).toEqual([]);
  });

  it("ends with 2 for a cookie that browsers drop, as for every schema with faults", async () => {
    start('backend: memory(), cookie: { sameSite: "none", secure: false }');
    const { code, log } = await project.run("doctor");
    expect(code).toBe(2);
    expect(log).toContain('browsers drop a cookie with "none" that is not secure');
  });

  it("ends with 2 for a schema with faults", async () => {
    start("backend: memori()");
    const { code, log, json } = await project.run("doctor", "--json");
    expect(code).toBe(2);
    expect(log).toContain("memori is not defined");
    expect(json.status).toBe("error");
  });
});
