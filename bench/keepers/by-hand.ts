import { hash, randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { createPool } from "mysql2/promise";
import pg from "pg";
import type { SessionData } from "../example/generated/index.js";
import { exampleData } from "../http/example.js";
import { inBatches } from "../in-batches.js";
import {
  asChecked,
  asCompared,
  asJson,
  asNothing,
  type Form,
  inTime,
  unbounded,
} from "./by-hand-promises.js";
import { type Keeper, type KeeperSource, sampleOf, sideBySide } from "./keeper.js";
import { multiply, withCopies } from "./multiply.js";
import { randomId } from "./random-id.js";

/**
 * What one writes by hand: the columns of our table and the statements of our backend, prepared by the driver, and the
 * session as JSON. A key is looked up by its hash, and a write replaces the revision that it has read, as ours do.
 */
export const byHand = {
  "by hand, SQLite": (url) => onSqlite(url, asJson),
  "by hand, SQLite, nothing read or written": (url) => onSqlite(url, asNothing),
  "by hand, SQLite, checks, comparison": (url) => onSqlite(url, asCompared()),
  // As large as ours, among copies of a session that nobody asks for.
  "by hand, SQLite, copied": async (url) =>
    withCopies(await onSqlite(url, asChecked), url, multiply.sqliteByHand),
  "by hand, PostgreSQL": (url) => onPostgres(url, asJson),
  // What each of our promises costs, one after the other, when it is kept by hand too.
  "by hand, PostgreSQL, deadline": (url) => onPostgres(url, asJson, inTime),
  "by hand, PostgreSQL, deadline, checks": (url) => onPostgres(url, asChecked, inTime),
  "by hand, PostgreSQL, deadline, checks, comparison": (url) => onPostgres(url, asCompared(), inTime),
  "by hand, MariaDB": (url) => onMariadb(url, asJson),
  "by hand, MariaDB, nothing read or written": (url) => onMariadb(url, asNothing),
  "by hand, MariaDB, deadline, checks, comparison": (url) => onMariadb(url, asCompared(), inTime),
} satisfies Readonly<Record<string, KeeperSource>>;

async function onSqlite(url: string, form: Form): Promise<Keeper> {
  const database = new Database(url);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = NORMAL");
  for (const sql of createTable("text", "text", "integer", "blob")) database.exec(sql);
  const insert = database.prepare(insertInto("?"));
  const select = database.prepare(`select ${columns.join(", ")} from by_hand where id = ?`);
  const update = database.prepare(updateBy(() => "?"));
  return toKeeper(
    {
      insert: async (values) => void insert.run(values),
      select: (id) => select.get(id),
      update: (values) => update.run(values).changes,
    },
    form,
  );
}

async function onPostgres(url: string, form: Form, bound = unbounded): Promise<Keeper> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  for (const sql of createTable('text collate "C"', "text", "bigint", "bytea")) await pool.query(sql);
  const run = (name: string, text: string, values: unknown[]) => bound(pool.query({ name, text, values }));
  const select = `select ${columns.join(", ")} from by_hand where id = $1`;
  const update = updateBy((position) => `$${position}`);
  return toKeeper(
    {
      insert: (values) => run("insert", insertInto(columns.map((_, index) => `$${index + 1}`)), values),
      select: async (id) => (await run("select", select, [id])).rows[0],
      update: async (values) => (await run("update", update, values)).rowCount ?? 0,
    },
    form,
  );
}

async function onMariadb(url: string, form: Form, bound = unbounded): Promise<Keeper> {
  const pool = createPool({ uri: url, connectionLimit: 10, supportBigNumbers: true });
  for (const sql of createTable("varbinary(1024)", "longtext", "bigint", "longblob")) await pool.query(sql);
  const run = async (sql: string, values: Value[]) => (await bound(pool.execute(sql, values)))[0];
  const select = `select ${columns.join(", ")} from by_hand where id = ?`;
  const update = updateBy(() => "?");
  return toKeeper(
    {
      insert: (values) => run(insertInto("?"), values),
      select: async (id) => {
        const rows = await run(select, [id]);
        return Array.isArray(rows) ? rows[0] : undefined;
      },
      update: async (values) => {
        const result = await run(update, values);
        return "affectedRows" in result ? result.affectedRows : 0;
      },
    },
    form,
  );
}

type Value = string | number | null | Uint8Array;

/** The three statements, over one driver. */
interface Statements {
  insert(values: Value[]): Promise<unknown>;
  select(id: string): unknown;
  /** How many rows it changed. */
  update(values: Value[]): number | Promise<number>;
}

const columns = [
  ...["id", "tenant", "revision", "write_id", "created_at", "expires_at", "header", "text", "bytes"],
] as const;

/** What a write sets, in the order of its parameters; then come the id and the revision that is replaced. */
const written = columns.filter((column) => column !== "id");

/** The table of our backend and its indexes, which a write has to keep up. */
function createTable(key: string, text: string, integer: string, bytes: string): readonly string[] {
  return [
    `create table if not exists by_hand (id ${key} primary key not null, tenant ${key}, revision ${integer} not null,
    write_id ${text} not null, created_at ${integer} not null, expires_at ${integer} not null, header ${text} not null,
    text ${text}, bytes ${bytes})`,
    "create index if not exists by_hand_tenant on by_hand (tenant, id)",
    "create index if not exists by_hand_expires_at on by_hand (expires_at)",
  ];
}

function insertInto(parameters: string | readonly string[]): string {
  const list = typeof parameters === "string" ? columns.map(() => parameters) : parameters;
  return `insert into by_hand (${columns.join(", ")}) values (${list.join(", ")})`;
}

function updateBy(parameter: (position: number) => string): string {
  const sets = written.map((column, index) => `${column} = ${parameter(index + 1)}`);
  const [id, revision] = [written.length + 1, written.length + 2].map(parameter);
  return `update by_hand set ${sets.join(", ")} where id = ${id} and revision = ${revision}`;
}

interface Kept {
  readonly id: string;
  readonly createdAt: number;
  revision: number;
  readonly session: SessionData;
}

function toKeeper({ insert, select, update }: Statements, form: Form): Keeper {
  let keys: string[] = [];
  const kept: Kept[] = [];
  const valuesOf = ({ revision, createdAt, session }: Kept): Value[] => {
    return [null, revision, randomId(), createdAt, Date.now() + 3_600_000, "by hand", ...form.write(session)];
  };
  const read = (row: unknown): unknown => {
    if (typeof row !== "object" || row === null) throw new Error("There is no such session.");
    if (Number(Reflect.get(row, "expires_at")) < Date.now()) throw new Error("The session is over.");
    return form.read(Reflect.get(row, "text"), Reflect.get(row, "bytes"));
  };
  return {
    async fill(count, sample) {
      const before = keys.length;
      const indexes = new Map(sampleOf(count, sample).map((index, at) => [index, before + at]));
      await inBatches(count, async (index) => {
        const key = randomBytes(32).toString("base64url");
        const row = { id: idOf(key), createdAt: Date.now(), revision: 1, session: exampleData() };
        await insert([row.id, ...valuesOf(row)]);
        const at = indexes.get(index);
        if (at === undefined) return;
        keys[at] = key;
        kept[at] = row;
      });
      keys = sideBySide(keys);
    },
    load(index) {
      const row = select(idOf(keys[index] ?? ""));
      return row instanceof Promise ? row.then(read) : read(row);
    },
    save(index) {
      const row = kept[index];
      if (row === undefined) throw new Error("There is no such session.");
      row.session.visits += 1;
      row.revision += 1;
      const changed = update([...valuesOf(row), row.id, row.revision - 1]);
      return changed instanceof Promise ? changed.then(assertOne) : assertOne(changed);
    },
  };
}

function idOf(key: string): string {
  return hash("sha256", key, "base64url");
}

function assertOne(changed: number): void {
  if (changed !== 1) throw new Error("Somebody else wrote.");
}
