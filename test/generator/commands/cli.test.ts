import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "./project.js";

let project: TestProject;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

describe("session-gen", () => {
  it.each([
    [["--chek"], "Unknown option --chek. Did you mean --check?"],
    [["keygen", "--json"], "Unknown option --json. It takes none."],
    [["genrate"], 'There is no command "genrate". Did you mean "generate"?'],
    [
      ["constructor"],
      'There is no command "constructor". The commands are generate, init, diff, migrate, reindex, copy, cleanup, doctor, keygen.',
    ],
    [
      ["session.schema.ts"],
      'There is no command "session.schema.ts". Name a schema file with --schema session.schema.ts',
    ],
    [["--schema", "--check"], "--schema needs a value: --schema FILE"],
    [["--check=yes"], '--check takes no value: leave out "=yes".'],
    [["generate", "now"], 'generate takes no "now"; name a schema file with --schema, a command first.'],
    [["diff", "now"], 'diff takes no "now"; name a ref or file with --against.'],
    [[], "There is no schema file session.schema.ts. session-gen init writes one; --schema names another."],
    [["--schema", "nope.ts"], "There is no schema file nope.ts."],
    [["keygen", "now"], 'keygen takes no "now".'],
    [["migrate"], "Say what to do: migrate up, down, to NAME, status or sql."],
  ])("refuses %j in one line", async (args, line) => {
    const { code, out, log } = await project.run(...args);
    expect({ code, log }).toEqual({ code: 2, log: `session-gen: ${line}\n` });
    expect(out === "" || args.includes("--json")).toBe(true);
  });

  it("prints one object with --json, also for wrong usage", async () => {
    const { code, json } = await project.run("--json", "--nope");
    expect(code).toBe(2);
    const message =
      "Unknown option --nope. The options are --schema, --out, --check, --watch, --dry-run, --json, --rename, --drop, --allow-breaking, --merge, --prune.";
    const errors = [{ file: "", line: 0, column: 0, message }];
    expect(json).toEqual({ status: "error", files: [], errors });
    const missing = await project.run("--json", "--schema", "nope.ts");
    expect(missing.json.errors).toMatchObject([{ file: "nope.ts", line: 1, column: 1 }]);
  });

  it("lists its commands, and of each the options, exit codes and an example", async () => {
    const overview = (await project.run("--help")).out;
    await expect(overview).toMatchFileSnapshot("../../golden/help/session-gen.txt");
    const names = [...overview.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name = ""]) => name);
    expect(names).toContain("generate");
    for (const name of names) {
      const { out, log, code } = await project.run(name, "--help");
      expect({ code, log }).toEqual({ code: 0, log: "" });
      await expect(out).toMatchFileSnapshot(`../../golden/help/${name}.txt`);
      expect((await project.run("help", name)).out).toBe(out);
    }
  });

  it("knows its version", async () => {
    expect((await project.run("--version")).out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("prints a new key, alone", async () => {
    const [one, other] = [await project.run("keygen"), await project.run("keygen")];
    expect(one.out).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(one.out).not.toBe(other.out);
    expect(one.log).toBe("");
  });

  it("gives the exit code to the process", () => {
    const { status, stderr } = runInProcess("nothing");
    expect(stderr).toContain('session-gen: There is no command "nothing".');
    expect(status).toBe(2);
  });

  it.each(["process.exit(0);", "await new Promise(() => {});"])(
    "says so when a schema ends it: %s",
    (line) => {
      project.write("session.schema.ts", `${line}\nexport {};\n`);
      const { status, stderr } = runInProcess("--check", "--schema", `${project.folder}/session.schema.ts`);
      expect(stderr).toContain("session-gen: Ended halfway: a file that the schema imports");
      expect(status).toBe(2);
    },
  );
});

function runInProcess(...args: readonly string[]): {
  readonly status: number | null;
  readonly stderr: string;
} {
  const bin = new URL("../../../generator/bin.ts", import.meta.url).pathname;
  return spawnSync(process.execPath, ["--import", "tsx", bin, ...args], {
    encoding: "utf8",
    timeout: 80_000,
  });
}
