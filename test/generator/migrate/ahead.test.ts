import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

let project: TestProject;

const fields =
  "userId: z.int().optional(), team: z.string().max(9).optional(), city: z.string().max(9).optional()";
const schema = (indexes: string): string => schemaText(fields, `${sqlite}, indexes: [${indexes}]`);
const migrate = (folder: string, ...words: string[]) => project.runIn(folder, "migrate", ...words);

/** A checkout of the version that the table was made by, beside which a newer one adds an index and runs its step. */
beforeEach(async () => {
  project = createProject();
  process.env["TEST_DATABASE_URL"] = join(project.folder, "sessions.sqlite");
  for (const folder of ["before", "after"]) {
    project.write(`${folder}/session.schema.ts`, schema('"userId"'));
    expect((await project.runIn(folder)).code).toBe(0);
  }
  project.write("after/session.schema.ts", schema('"userId", "team"'));
  expect((await project.runIn("after")).code).toBe(0);
  expect((await migrate("after", "up")).code).toBe(0);
});
afterEach(() => {
  delete process.env["TEST_DATABASE_URL"];
  project.remove();
});

describe("a database that a newer version has migrated", () => {
  it("lets the version before be deployed again, with its migrate up", async () => {
    expect(await migrate("before", "up")).toMatchObject({
      code: 0,
      log: "Nothing to do.\nahead   0002_add_team: applied by a newer version of the schema, or by another branch. This version works on the table, unless one of them was a contract step.\n",
    });
  });

  it("is told of by status and doctor, without a complaint", async () => {
    expect(await migrate("before", "status")).toMatchObject({
      code: 0,
      out: "applied 0001_create_sessions\napplied 0002_add_team (not in this folder: by another version of the schema)\n",
    });
    expect((await project.runIn("before", "doctor")).out).toMatch(
      /^ok +migrations +1 applied\nnote +migrations +0002_add_team: applied, and not in this folder\./m,
    );
  });

  it("is changed no further by a version that does not know its steps", async () => {
    project.write("before/session.schema.ts", schema('"userId", "city"'));
    expect((await project.runIn("before")).code).toBe(0);
    for (const words of [["up"], ["down"], ["to", "0001_create_sessions"]]) {
      const { code, log } = await migrate("before", ...words);
      expect(code).toBe(2);
      expect(log).toContain(
        "0002_add_team is applied in this database and is not in this folder: a newer version",
      );
    }
    expect((await migrate("after", "status")).code).toBe(0);
  });
});
