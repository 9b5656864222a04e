import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { recordOf } from "../../runtime/copied-records.js";
import { sharedServer } from "../../servers/shared-server.js";
import { createStoreProject, type StoreProject, storeSchema } from "./stores.js";

process.env["TEST_COPY_REDIS_URL"] = await sharedServer("redis");
process.env["TEST_COPY_POSTGRES_URL"] = await sharedServer("postgres");

let stores: StoreProject;

beforeEach(async () => {
  stores = await createStoreProject();
  for (let count = 0; count < 5; count++) await stores.from.create(recordOf(`s${count}`, { revision: 3 }));
});

afterEach(() => stores.remove());

const unique = crypto.randomUUID().slice(0, 8);
const redis = (prefix: string): string =>
  `redis({ url: env("TEST_COPY_REDIS_URL"), prefix: "copy-${unique}-${prefix}" })`;
const files = (name: string): string =>
  `file({ directory: env("TEST_COPY_FOLDER") })`.replace("FOLDER", name);

/** The backends that a schema can declare and a command can open, each by its word. */
const places = {
  redis: redis("alone"),
  file: files("FILES"),
  "a cache in front of a store": `cached({ cache: ${redis("cache")}, store: ${files("STORE")} })`,
  "a cache that only the app has": `cached({ cache: memory(), store: ${files("BEHIND")} })`,
  "a store and its copy": `replicated({ primary: ${files("PRIMARY")}, secondary: ${redis("secondary")} })`,
  PostgreSQL: `database({ dialect: "postgres", url: env("TEST_COPY_POSTGRES_URL"), table: "copy_${unique}" })`,
};

test.each(Object.entries(places))("copies to %s, and from there back", async (name, backend) => {
  const { project, from, to } = stores;
  for (const place of ["FILES", "STORE", "BEHIND", "PRIMARY"])
    process.env[`TEST_COPY_${place}`] = `${project.folder}/${place}`;
  project.write("there.schema.ts", storeSchema(backend));
  if (name === "PostgreSQL") await createPostgresTable();
  expect(
    await stores.json("copy", "--from", "from.schema.ts", "--to", "there.schema.ts", "--verify"),
  ).toMatchObject({
    code: 0,
    part: { outcome: "complete", created: 5, verified: { compared: 5, different: 0 } },
  });
  expect(await stores.json("copy", "--from", "there.schema.ts", "--to", "to.schema.ts")).toMatchObject({
    code: 0,
    part: { outcome: "complete", created: 5 },
  });
  for (let count = 0; count < 5; count++) {
    expect(await to.load(`s${count}`)).toEqual(await from.load(`s${count}`));
  }
});

async function createPostgresTable(): Promise<void> {
  const backend = createDatabaseBackend({
    dialect: "postgres",
    url: process.env["TEST_COPY_POSTGRES_URL"] ?? "",
    table: `copy_${unique}`,
    columns: { userId: { column: "user_id", type: "integer" } },
  });
  await backend.createTable();
  await backend.close();
}
