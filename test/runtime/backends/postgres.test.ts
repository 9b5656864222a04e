import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { sharedServer } from "../../servers/shared-server.js";
import { plainRecord } from "./plain-record.js";
import { serverSuite } from "./server-suite.js";
import {
  createDatabase,
  dropDatabase,
  openApp,
  openBackend,
  type ServerUnderTest,
} from "./server-under-test.js";

const server: ServerUnderTest = { dialect: "postgres", url: await sharedServer("postgres") };
const admin = openApp(server);
const own = await createDatabase(server, admin);
afterAll(() => dropDatabase(own, admin));
serverSuite(own);

test("a driver is given a boolean for a column of them: postgres.js sends whatever is not true as false", async () => {
  const sent: unknown[] = [];
  const pool = new pg.Pool({ connectionString: own.url });
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void sent.push(...query.parameters),
  });
  const backend = openBackend(own, { kysely });
  await backend.createTable();
  const record = { ...plainRecord(), indexed: { userId: null, label: null, admin: true } };
  await backend.create(record);
  await backend.save({ ...record, revision: 2 });
  const found = await backend.abilities.find.find({ field: "admin", value: true, limit: 2 });
  expect(found.records).toHaveLength(1);
  expect(sent.filter((value) => value === true)).toHaveLength(3);
  await kysely.destroy();
});
