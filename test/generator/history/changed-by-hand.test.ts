import { afterEach, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;
afterEach(() => project.remove());

const fields = 'userId: z.int().optional(), theme: z.enum(["light", "dark"]).optional()';

async function start(): Promise<void> {
  project = createProject({ "session.schema.ts": schemaText(fields, `${sqlite}, indexes: ["userId"]`) });
  expect((await project.run()).code).toBe(0);
}

it.each([
  ["the number of a field", '"number": 2', '"number": 7'],
  ["the code of a value", '"code": 1', '"code": 3'],
  ["what a field is called", '"name": "userId"', '"name": "accountId"'],
  ["a column", '"column": "user_id"', '"column": "account_id"'],
  ["a hash", '"parents": []', '"parents": ["0123456789abcdef"]'],
])("%s that was changed by hand is not believed by any command", async (_what, from, to) => {
  await start();
  const text = project.read("session.model.json");
  const output = project.read("generated/shape.ts");
  project.write("session.model.json", text.replace(from, to));
  expect(project.read("session.model.json")).not.toBe(text);
  const changed = expect.stringMatching(/session\.model\.json.* is not what was written under its hash/);
  for (const [code, command] of [
    ...([
      [3, ""],
      [3, "--merge"],
      [1, "--check"],
      [3, "diff"],
      [2, "cleanup"],
    ] as const),
    [2, "migrate status --url ./there.sqlite"] as const,
  ]) {
    const run = await project.run(...command.split(" ").filter((word) => word !== ""));
    expect(run, command).toMatchObject({ code, log: changed });
  }
  const doctor = await project.run("doctor");
  expect([doctor.code, doctor.out + doctor.log]).toEqual([1, changed]);
  expect(project.read("generated/shape.ts")).toBe(output);
  project.write("changed.json", project.read("session.model.json"));
  project.write("session.model.json", text);
  expect((await project.run("--check")).code).toBe(0);
  expect(await project.run("diff", "--against", "changed.json")).toMatchObject({
    code: 2,
    log: expect.stringContaining("changed.json has a version that is not what was written under its hash"),
  });
});

it("a file that is only laid out otherwise is believed", async () => {
  await start();
  project.write("session.model.json", JSON.stringify(JSON.parse(project.read("session.model.json"))));
  expect((await project.run("diff")).code).toBe(0);
});
