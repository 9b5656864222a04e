import { type Kysely, sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import type { DatabaseBackend } from "../../../runtime/backends/database.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { sharedServer } from "../../servers/shared-server.js";
import {
  createDatabase,
  dropDatabase,
  openApp,
  openBackend,
  type ServerUnderTest,
  uniqueName,
} from "./server-under-test.js";

/** As many as there are connections, so that each of them has what is prepared. */
const many = 10;

describe.each(["postgres", "mysql"] as const)("prepared statements on %s", async (dialect) => {
  const shared: ServerUnderTest = { dialect, url: await sharedServer(dialect) };
  const admin = openApp(shared);
  const server = await createDatabase(shared, admin);
  const app = openApp(server);
  afterAll(() => dropDatabase(server, admin));

  test.each([
    ["another type", (table: string) => alter(dialect, table, app)],
    ["another table in its place", (table: string) => replace(table, app)],
    [
      "one more column",
      (table: string) => sql`alter table ${sql.ref(table)} add column more text`.execute(app),
    ],
  ] as const)("a table that changes under a running app, %s: no request notices", async (_, change) => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await backend.createTable();
    await useAll(backend, 1);
    await change(table);
    await useAll(backend, 2);
    await useAll(backend, 3);
  });

  test("records that are asked for at once are each the one that was asked for", async () => {
    const backend = openBackend(server);
    await backend.createTable();
    const ids = Array.from({ length: 40 }, (_, at) => `record\u0000${at}`);
    await Promise.all(ids.map((id) => backend.create(record(id, 1))));
    const asked = [...ids, "none", "record\u00007", "record\u00007", ...ids.slice(3, 9), "x".repeat(2000)];
    const found = await Promise.all(asked.map((id) => backend.load(id)));
    expect(found.map((one) => one?.id ?? null)).toEqual(asked.map((id) => (ids.includes(id) ? id : null)));
  });

  async function useAll(backend: DatabaseBackend, revision: number): Promise<void> {
    const ids = Array.from({ length: many }, (_, at) => String(at));
    const written = ids.map((id) =>
      revision === 1 ? backend.create(record(id, 1)) : backend.save(record(id, revision)),
    );
    expect(new Set(await Promise.all(written))).toEqual(new Set([true]));
    for (const id of ids)
      expect(await backend.load(id)).toMatchObject({ revision, indexed: { userId: revision, admin: false } });
    expect(await Promise.all(ids.map((id) => backend.exists(id)))).not.toContain(false);
    expect((await Promise.all(ids.map((id) => backend.load(id)))).map((one) => one?.revision)).toEqual(
      ids.map(() => revision),
    );
  }
});

test("a MySQL that prepares no more statements is asked without", async () => {
  const server = { dialect: "mysql", url: await sharedServer("mysql") } as const;
  const admin = openApp(server);
  const backend = openBackend(server);
  await backend.createTable();
  await sql`set global max_prepared_stmt_count = 0`.execute(admin);
  try {
    expect(await backend.create(record("one", 1))).toBe(true);
    expect(await backend.load("one")).toMatchObject({ id: "one", revision: 1 });
  } finally {
    await sql`set global max_prepared_stmt_count = 16382`.execute(admin);
  }
});

function record(id: string, revision: number): SessionRecord {
  return {
    ...{ id, tenant: null, header: "1;cbor;-;-;0", data: new Uint8Array([revision]), revision },
    ...{ writeId: `w${revision}`, createdAt: 0, expiresAt: 1000 },
    indexed: { userId: revision, label: null, admin: false },
  };
}

/** To types that hold the same, of which the rows are told otherwise. */
async function alter(
  dialect: ServerUnderTest["dialect"],
  table: string,
  app: Kysely<unknown>,
): Promise<void> {
  const name = sql.ref(table);
  await (dialect === "postgres"
    ? sql`alter table ${name} alter column header type varchar(300), alter column user_id type numeric`
    : sql`alter table ${name} modify column header varchar(300) not null, modify column user_id decimal(20)`
  ).execute(app);
}

async function replace(table: string, app: Kysely<unknown>): Promise<void> {
  const [name, former] = [sql.ref(table), sql.ref(`${table}_former`)];
  await sql`alter table ${name} rename to ${former}`.execute(app);
  await sql`create table ${name} as select * from ${former}`.execute(app);
  await sql`alter table ${name} add primary key (id)`.execute(app);
}
