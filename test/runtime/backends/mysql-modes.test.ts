import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { startMariadb } from "../../servers/mariadb.js";
import { openApp, openBackend, uniqueName } from "./server-under-test.js";

const started = await startMariadb();
afterAll(() => started.stop());
const server = { dialect: "mysql", url: started.url } as const;
const admin = openApp(server);

const { rows } = await sql<{ version: string }>`select version() as version`.execute(admin);
const ofMariadb = rows[0]?.version.includes("MariaDB") ? ["ORACLE", "MSSQL"] : [];

test.each(["", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "TRADITIONAL,PAD_CHAR_TO_FULL_LENGTH", ...ofMariadb])(
  "sessions are kept, limited and swept where sql_mode is by default: %s",
  async (mode) => {
    await sql`set global sql_mode = ${sql.lit(mode)}`.execute(admin);
    const backend = openBackend(server);
    await backend.createTable();
    const first = record("one \\ ' \" `", "a\\'\"`\u0000🧺");
    const limit = { tenant: first.tenant ?? "", max: 1, onLimit: "oldest" } as const;
    expect(await backend.create(first)).toBe(true);
    expect(await backend.load(first.id)).toEqual(first);
    const next = { ...first, revision: 2, writeId: "w2", expiresAt: 2000 };
    expect(await backend.save(next)).toBe(true);
    const other = record("two", next.tenant ?? "");
    expect(await backend.abilities.limit.createWithin(other, limit)).toBe(true);
    expect(await backend.load(first.id)).toBeNull();
    const { records } = await backend.abilities.find.find({ field: "label", value: "ü'\\", limit: 2 });
    expect(records).toEqual([other]);
    expect(await backend.abilities.sweep.deleteExpired(1000, 10)).toBe(1);
    await backend.close();
  },
);

test("what is acknowledged stands, also where autocommit is off by default", async () => {
  await sql`set global autocommit = 0`.execute(admin);
  const table = uniqueName();
  const [backend, other] = [openBackend(server, { table }), openBackend(server, { table })];
  await backend.createTable();
  const kept = record("one", "");
  expect(await backend.create(kept)).toBe(true);
  expect(await other.load(kept.id)).toEqual(kept);
  expect(await backend.delete(kept.id)).toBe(true);
  expect(await other.load(kept.id)).toBeNull();
});

test("text comes back as it was stored, whatever the character set of the connection", async () => {
  const url = `${server.url}?charset=utf8`;
  const backend = openBackend({ dialect: "mysql", url });
  await backend.createTable();
  const kept = record("one", "🏪");
  expect(await backend.create(kept)).toBe(true);
  expect(await backend.load(kept.id)).toEqual(kept);
});

function record(id: string, tenant: string): SessionRecord {
  return {
    id,
    tenant,
    header: "1;json;-;-;3f0c",
    data: new TextEncoder().encode('{"cart":["🧺\\u0000\\\\"]}'),
    revision: 1,
    writeId: "w1",
    createdAt: 0,
    expiresAt: 1000,
    indexed: { userId: 42, label: "ü'\\", admin: true },
  };
}
