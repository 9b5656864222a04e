import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createDatabaseBackend, type IndexColumn } from "../../../runtime/backends/database.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { createProject, schemaText, sqlite, type TestProject } from "../commands/project.js";

const fields = "userId: z.int().optional(), flag: z.boolean().default(false)";
const known: Readonly<Record<string, IndexColumn>> = {};
const added: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  flag: { column: "flag", type: "boolean" },
};

let project: TestProject;
afterEach(() => project.remove());

it("finds sessions by an index that was added after they were stored", async () => {
  project = createProject({ "session.schema.ts": schemaText(fields, sqlite) });
  const url = join(project.folder, "sessions.sqlite");
  await project.run();
  await project.run("migrate", "up", "--url", url);
  await store(url, "one", { userId: 7, flag: true });
  await store(url, "two", { flag: false });

  project.write("session.schema.ts", schemaText(fields, `${sqlite}, indexes: ["userId", "flag"]`));
  expect((await project.run()).code).toBe(0);
  expect((await project.run("migrate", "up", "--url", url)).code).toBe(0);

  const backend = createDatabaseBackend({ dialect: "sqlite", url, columns: added });
  const idsOf = async (field: string, value: number | boolean): Promise<string[]> => {
    const { records } = await backend.abilities.find.find({ field, value, limit: 10 });
    return records.map(({ id }) => id);
  };
  expect(await idsOf("userId", 7)).toEqual(["one"]);
  expect(await idsOf("flag", true)).toEqual(["one"]);
  expect(await idsOf("flag", false)).toEqual(["two"]);
  await backend.close();
});

async function store(url: string, id: string, stored: Record<string, number | boolean>): Promise<void> {
  const backend = createDatabaseBackend({ dialect: "sqlite", url, columns: known });
  await backend.create({
    id,
    tenant: null,
    header: "1;json;-;-;0000;session",
    data: jsonCodec({}).encode({ meta: { writes: "aaaaaaaa" }, fields: stored }),
    revision: 1,
    writeId: "aaaaaaaa",
    createdAt: 1,
    expiresAt: 2,
    indexed: {},
  });
  await backend.close();
}
