import Database from "better-sqlite3";
import { CamelCasePlugin, Kysely, SqliteDialect } from "kysely";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createDatabaseBackend,
  type DatabaseBackend,
  type DatabaseBackendOptions,
  type DatabaseClient,
} from "../../../runtime/backends/database.js";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { env } from "../../../runtime/platform/env.js";
import { importPeer } from "../../../runtime/platform/peer.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { columns } from "./server-under-test.js";

interface AppTables {
  readonly user: { readonly id: number; readonly name: string | null };
}

const opened: DatabaseBackend[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((backend) => backend.close()));
  vi.unstubAllEnvs();
});

function create(options: Partial<DatabaseBackendOptions> = {}): DatabaseBackend {
  const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns, ...options });
  opened.push(backend);
  return backend;
}

async function createWithTable(options: Partial<DatabaseBackendOptions> = {}): Promise<DatabaseBackend> {
  const backend = create(options);
  await backend.createTable();
  return backend;
}

function openOwn(): { readonly raw: Database.Database; readonly kysely: Kysely<AppTables> } {
  const raw = new Database(":memory:");
  const dialect = new SqliteDialect({ database: raw });
  return { raw, kysely: new Kysely<AppTables>({ dialect, plugins: [new CamelCasePlugin()] }) };
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
    expiresAt: Date.UTC(2100, 0, 1),
    indexed: {},
    ...changes,
  };
}

const shared = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns });
const sharedTable = shared.createTable();
backendSuite("SQLite in memory", () => createWithTable(), { abilities: everyAbility });
backendSuite("a shared SQLite", () => sharedTable.then(() => shared), { abilities: everyAbility });
backendSuite("an app's own Kysely", () => createWithTable({ kysely: openOwn().kysely }), {
  abilities: everyAbility,
});
backendSuite("SQLite under a deadline", async () => withDeadline(await createWithTable(), 5000), {
  abilities: everyAbility,
});

describe("the table", () => {
  test("holds plain JSON as text that a person can read, and anything else as bytes", async () => {
    const { raw, kysely } = openOwn();
    const backend = await createWithTable({ kysely });
    await backend.create(record());
    await backend.create(record({ id: "packed", header: "1;json;brotli;-;3f0c" }));
    await backend.create(record({ id: "sealed", header: "1;json;-;k1;3f0c" }));
    await backend.create(record({ id: "other", header: "1;cbor;-;-;3f0c" }));
    const rows = raw.prepare("select id, text, typeof(bytes) as bytes from sessions order by id").all();
    expect(rows).toEqual([
      { id: "one", text: '{"cart":["🧺"]}', bytes: "null" },
      { id: "other", text: null, bytes: "blob" },
      { id: "packed", text: null, bytes: "blob" },
      { id: "sealed", text: null, bytes: "blob" },
    ]);
  });

  test("has the columns that options name, in the schema they name", async () => {
    const { raw, kysely } = openOwn();
    raw.exec("attach ':memory:' as aside");
    raw.exec(
      "create table aside.carts (id text primary key, tenant, revision, write_id, created_at, expires_at, header, text, bytes, user_id)",
    );
    const only = { userId: { column: "user_id", type: "integer" } } as const;
    const backend = create({ kysely, schema: "aside", table: "carts", columns: only });
    await backend.create(record({ indexed: { userId: 42 } }));
    expect(raw.prepare("select id, user_id from aside.carts").all()).toEqual([{ id: "one", user_id: 42 }]);
    expect((await backend.abilities.find.find({ field: "userId", value: 42, limit: 2 })).records.length).toBe(
      1,
    );
    expect(await backend.abilities.sweep.deleteExpired(Date.UTC(2100, 0, 1), 10)).toBe(1);
  });

  test("is created where it is missing, once", async () => {
    const backend = await createWithTable();
    await backend.create(record());
    await backend.createTable();
    expect(await backend.exists("one")).toBe(true);
  });

  test("pages by an index, without sorting", async () => {
    const { raw, kysely } = openOwn();
    await createWithTable({ kysely });
    const plan = raw.prepare(
      "explain query plan select * from sessions where user_id = 1 and id > 'a' order by id limit 9",
    );
    expect(JSON.stringify(plan.all())).toContain("sessions_user_id (user_id=? AND id>?)");
    expect(JSON.stringify(plan.all())).not.toContain("TEMP B-TREE");
  });
});

describe("the app's own Kysely", () => {
  test("may be of any tables, and stays open", async () => {
    const { raw, kysely } = openOwn();
    const client: DatabaseClient = kysely;
    const backend = await createWithTable({ kysely: client });
    await backend.close();
    expect(raw.open).toBe(true);
    await expect(backend.load("one")).rejects.toMatchObject({ code: "unavailable" });
  });

  test("has no place, while a url has one that is the same every time and needs no environment", () => {
    const url = env("SESSION_GEN_TEST_UNSET");
    expect(create({ kysely: openOwn().kysely }).place).toBeUndefined();
    expect(create({ url }).place).toBe(create({ url }).place);
    expect(create({ url }).place).not.toBe(create({ url, table: "other" }).place);
  });
});

describe("what is wrong is said in one line", () => {
  test("the table is missing", async () => {
    await expect(create().load("one")).rejects.toMatchObject({
      code: "config",
      message: "The database has no table sessions. Run: session-gen migrate up",
    });
  });

  test("a column is missing, for an index that came later", async () => {
    const { kysely } = openOwn();
    await createWithTable({ kysely, columns: {} });
    const later = create({ kysely });
    await expect(later.create(record())).rejects.toMatchObject({
      code: "config",
      message:
        "The database has no column user_id, label, admin in the table sessions. Run: session-gen migrate up",
    });
    await expect(later.createTable()).rejects.toMatchObject({ code: "config" });
  });

  test("the dialect is none that there is", () => {
    const options: object = { dialect: "postgresql", url: "postgres://host/db" };
    expect(() => Reflect.apply(createDatabaseBackend, undefined, [options])).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });

  test("the database fails: with its error as the cause, without parameters", async () => {
    const { raw, kysely } = openOwn();
    const backend = await createWithTable({ kysely });
    raw.exec("create trigger refuse before insert on sessions begin select raise(abort, 'no'); end");
    const error = await backend.create(record({ id: "secret-id" })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unavailable", cause: expect.objectContaining({ message: "no" }) });
    expect(String(error)).toBe(
      "SessionError: The database failed on the table sessions (SQLITE_CONSTRAINT_TRIGGER).",
    );
  });

  test("the folder of the file is missing, and the next call tries again", async () => {
    vi.stubEnv("SESSION_GEN_TEST_URL", "/no/such/folder/sessions.sqlite");
    const backend = create({ url: env("SESSION_GEN_TEST_URL") });
    await expect(backend.load("one")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("/no/such/folder"),
    });
    vi.stubEnv("SESSION_GEN_TEST_URL", ":memory:");
    await backend.createTable();
    expect(await backend.load("one")).toBeNull();
  });

  test("the environment is read at first use", async () => {
    const backend = create({ url: env("SESSION_GEN_TEST_URL") });
    await expect(backend.load("one")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("SESSION_GEN_TEST_URL"),
    });
    await expect(backend.close()).resolves.toBeUndefined();
  });

  test("a package is missing", async () => {
    const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    const peer = {
      name: "better-sqlite3",
      option: 'database({ dialect: "sqlite" })',
      load: () => Promise.reject(missing),
    };
    await expect(importPeer(peer)).rejects.toMatchObject({
      code: "config",
      cause: missing,
      message:
        'The package better-sqlite3 is not installed; database({ dialect: "sqlite" }) needs it: npm install better-sqlite3',
    });
    // What a bundle of esbuild says.
    const broken = { ...peer, load: () => Promise.reject(new Error("Dynamic require is not supported")) };
    await expect(importPeer(broken)).rejects.toThrow("could not be loaded: Dynamic require");
  });

  test("a value does not fit its column", async () => {
    const backend = await createWithTable();
    const mistyped = record({ indexed: { userId: "secret" } });
    const error = await backend.create(mistyped).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "config", details: { field: "userId", column: "user_id" } });
    expect(String(error)).not.toContain("secret");
    await expect(backend.abilities.find.find({ field: "other", value: 1, limit: 1 })).rejects.toMatchObject({
      code: "config",
    });
  });

  test.each([
    { table: 'sessions"; drop table user; --' },
    { table: "" },
    { schema: "a.b" },
    { columns: { a: { column: "a b", type: "text" } } },
    { columns: { a: { column: "Header", type: "text" } } },
    { columns: { a: { column: "x", type: "text" }, b: { column: "x", type: "text" } } },
  ] as const)("names that are no plain identifiers of their own: %o", (options) => {
    expect(() => create(options)).toThrow(expect.objectContaining({ code: "config" }));
  });

  test("neither url nor kysely is given", () => {
    expect(() => createDatabaseBackend({ dialect: "sqlite" })).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });
});
