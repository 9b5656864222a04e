import { inspect } from "node:util";
import { type Kysely, sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import { createDatabaseBackend, type DatabaseBackend } from "../../../runtime/backends/database.js";
import { env } from "../../../runtime/platform/env.js";
import { testBackend } from "../../../runtime/testing/test-backend.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { mustLoad, openOver, stored } from "../fixture/open.js";
import { busyTenants } from "./busy-tenant.js";
import {
  columns,
  createDatabase,
  dropDatabase,
  endConnections,
  openApp,
  openBackend,
  type ServerUnderTest,
  uniqueName,
} from "./server-under-test.js";

/** What the backend does on a server, whichever it is. */
export function serverSuite(server: ServerUnderTest): void {
  const { dialect } = server;
  const own = openBackend(server);
  const created = own.createTable();
  backendSuite(dialect, () => created.then(() => own), { abilities: everyAbility });

  const app = openApp(server);
  const borrowed = openBackend(server, { kysely: app });
  const createdToo = borrowed.createTable();
  backendSuite(`${dialect} in an app's own Kysely`, () => createdToo.then(() => borrowed), {
    abilities: everyAbility,
  });

  describe(`${dialect} where every transaction is serializable`, () => {
    const strict = openBackend(server, { kysely: openApp(server, "serializable") });
    beforeAll(() => strict.createTable());
    for (const { name, run } of testBackend(() => strict)) if (/at once|beside/.test(name)) test(name, run);
  });

  describe(`the table on ${dialect}`, () => theTable(server, app));
  describe(`what is wrong on ${dialect}`, () => whatIsWrong(server, app));
  describe(`sessions on ${dialect}`, () => theSessions(own));
  describe(`a busy tenant on ${dialect}`, () => busyTenants(server));
  describe(`connections to ${dialect}`, () => theConnections(server, app));
}

function theTable(server: ServerUnderTest, app: Kysely<unknown>): void {
  test("holds plain JSON as text that a person can read, and anything else as bytes", async () => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await backend.createTable();
    await backend.create(record());
    await backend.create(record({ id: "packed", header: "1;json;brotli;-;3f0c" }));
    await backend.create(record({ id: "zero", data: new TextEncoder().encode("\u0000") }));
    const { rows } = await sql`
      select text, bytes is null as is_text from ${sql.table(table)} order by id`.execute(app);
    expect(rows.map((row) => Object.values(row ?? {}).map(String))).toEqual([
      ['{"cart":["🧺"]}', expect.stringMatching(/^(?:true|1)$/)],
      ["null", expect.stringMatching(/^(?:false|0)$/)],
      ["null", expect.stringMatching(/^(?:false|0)$/)],
    ]);
  });

  test("is in the schema that options name, and may be created by several at once", async () => {
    const schema = uniqueName();
    await sql`create schema ${sql.ref(schema)}`.execute(app);
    const backends = [1, 2, 3].map(() => openBackend(server, { schema, table: "carts" }));
    await Promise.all(backends.map((backend) => backend.createTable()));
    const [backend = openBackend(server)] = backends;
    expect(await backend.create(record({ indexed: { userId: 42 } }))).toBe(true);
    const { records } = await backend.abilities.find.find({ field: "userId", value: 42, limit: 2 });
    expect(records.map(({ id }) => id)).toEqual(["one"]);
    const limit = { tenant: "a", max: 1, onLimit: "oldest" } as const;
    expect(await backend.abilities.limit.createWithin(record({ id: "two", tenant: "a" }), limit)).toBe(true);
    expect(await backend.abilities.sweep.deleteExpired(record().expiresAt, 10)).toBe(2);
    const cascade = server.dialect === "postgres" ? sql`cascade` : sql``;
    await sql`drop schema ${sql.ref(schema)} ${cascade}`.execute(app);
  });

  test("is swept past the rows that somebody is writing", async () => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await backend.createTable();
    for (const id of ["held", "free", "also free"]) await backend.create(record({ id, expiresAt: 1 }));
    await app.transaction().execute(async (transaction) => {
      await sql`select id from ${sql.table(table)} where id = 'held' for update`.execute(transaction);
      expect(await backend.abilities.sweep.deleteExpired(2, 2500)).toBe(2);
    });
    expect(await backend.abilities.sweep.deleteExpired(2, 2500)).toBe(1);
  });

  test("takes no key that is too long for its index, and finds none", async () => {
    const long = "x".repeat(1025);
    const backend = openBackend(server);
    await backend.createTable();
    for (const changes of [{ id: long }, { tenant: long }, { indexed: { label: long } }])
      await expect(backend.create(record(changes))).rejects.toMatchObject({ code: "too-large" });
    expect([await backend.load(long), await backend.delete(long)]).toEqual([null, false]);
  });
}

function whatIsWrong(server: ServerUnderTest, app: Kysely<unknown>): void {
  const { dialect } = server;

  test("a table or a column is missing: said in one line", async () => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await expect(backend.load("one")).rejects.toMatchObject({
      code: "config",
      message: `The database has no table ${table}. Run: session-gen migrate up`,
    });
    await openBackend(server, { table, columns: {} }).createTable();
    await expect(backend.create(record())).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("no column user_id, label, admin in the table"),
    });
  });

  test("a column has another type: said, for the table, in one line", async () => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await backend.createTable();
    const name = sql.table(table);
    await (dialect === "postgres"
      ? sql`alter table ${name} alter column write_id type integer using 0`
      : sql`alter table ${name} modify write_id integer`
    ).execute(app);
    await expect(backend.create(record())).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(`A column of the table ${table} has another type`),
    });
  });

  test("the database refuses a row: said without what is in it", async () => {
    const table = uniqueName();
    const backend = openBackend(server, { table });
    await backend.createTable();
    await sql`alter table ${sql.table(table)} add constraint ${sql.ref(`${table}_c`)} check (revision > 5)`.execute(
      app,
    );
    const secret = record({ id: "secret-id", data: new TextEncoder().encode('"secret-data"') });
    const error: unknown = await backend.create(secret).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unavailable", cause: { code: expect.stringMatching(/\w/) } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret|736563726574/i);
  });

  test.each(["nobody.sqlite", "http://me:hunter2@host", `${dialect}://me:hunter2@:x`])(
    "%s is no url of a server",
    async (url) => {
      const error: unknown = await openBackend({ dialect, url })
        .load("one")
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "config", message: expect.stringContaining(`${dialect}://`) });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
    },
  );

  test("nobody answers, or knows the user: the password is not repeated", async () => {
    const url = new URL(server.url);
    [url.username, url.password, url.port] = ["nobody", "hunter2", "1"];
    const error: unknown = await openBackend({ dialect, url: url.href })
      .load("one")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("(ECONNREFUSED)") });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  test("its place is named without the password", () => {
    const placeOf = (url: Parameters<typeof env>[0] | ReturnType<typeof env>) =>
      createDatabaseBackend({ dialect, url, columns }).place;
    const url = `${dialect}://me:hunter2@host/db?sslpassword=hunter2`;
    expect(placeOf(url)).toBe(placeOf(url));
    expect(placeOf(url)).not.toBe(placeOf(`${dialect}://me:hunter2@host/other`));
    for (const place of [placeOf(url), placeOf(env("ANY", url))]) {
      expect(place).toContain("host");
      expect(place).not.toContain("hunter2");
    }
    expect(placeOf("hunter2")).toBeUndefined();
  });
}

function theSessions(backend: DatabaseBackend): void {
  test("50 requests that add one each at once are all kept", async () => {
    const { sessions } = openOver(backend, { deadline: "20s" });
    const key = await stored(sessions);
    const requests = await Promise.all(Array.from({ length: 50 }, () => mustLoad(sessions, key)));
    await Promise.all(
      requests.map((session) => {
        session.visits += 1;
        return session.save();
      }),
    );
    expect((await mustLoad(sessions, key)).visits).toBe(50);
  });

  test("a logout raced by writes is final", async () => {
    const { sessions } = openOver(backend, { deadline: "20s" });
    for (let round = 0; round < 30; round++) {
      const key = await stored(sessions);
      const [leaving, ...writing] = await Promise.all([1, 2, 3, 4].map(() => mustLoad(sessions, key)));
      const writes = writing.map((session) => {
        session.visits += 1;
        return session.save();
      });
      await Promise.allSettled([...writes, leaving?.destroy()]);
      expect(await sessions.load(key)).toBeNull();
    }
  });
}

function theConnections(server: ServerUnderTest, app: Kysely<unknown>): void {
  test("may be ended by an administrator, idle and at work: the next call has another one", async () => {
    const apart = await createDatabase(server, app);
    const backend = openBackend(apart);
    await backend.createTable();
    await backend.create(record());
    for (let round = 0; round < 3; round++) {
      const calls = Promise.allSettled(Array.from({ length: 40 }, () => backend.load("one")));
      await endConnections(apart, app);
      for (const { status, ...outcome } of await calls)
        if (status === "rejected") expect(outcome).toMatchObject({ reason: { code: "unavailable" } });
      await endConnections(apart, app);
      await expect.poll(() => backend.exists("one").catch(() => false)).toBe(true);
    }
    await backend.close();
    await dropDatabase(apart, app);
  });
}

function record(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: "one",
    tenant: null,
    header: "1;json;-;-;3f0c",
    data: new TextEncoder().encode('{"cart":["🧺"]}'),
    revision: 1,
    writeId: "w1",
    createdAt: 0,
    expiresAt: 1000,
    indexed: {},
    ...changes,
  };
}
