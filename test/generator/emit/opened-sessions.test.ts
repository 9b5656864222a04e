import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { Redis } from "ioredis";
import Keyv from "keyv";
import type { Kysely, Migration } from "kysely";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import * as cache from "../../golden/generated/cache/expected/generated/index.js";
import * as cached from "../../golden/generated/cached/expected/generated/index.js";
import { migrations as cachedMigrations } from "../../golden/generated/cached/expected/migrations/index.js";
import * as cookie from "../../golden/generated/cookie/expected/generated/index.js";
import * as revocable from "../../golden/generated/cookie-revocable/expected/generated/index.js";
import { migrations as revocableMigrations } from "../../golden/generated/cookie-revocable/expected/migrations/index.js";
import * as custom from "../../golden/generated/custom/expected/generated/index.js";
import * as file from "../../golden/generated/file/expected/generated/index.js";
import * as jwt from "../../golden/generated/jwt/expected/generated/index.js";
import * as mysql from "../../golden/generated/mysql/expected/generated/index.js";
import { migrations as mysqlMigrations } from "../../golden/generated/mysql/expected/migrations/index.js";
import * as nested from "../../golden/generated/nested/expected/generated/index.js";
import { migrations as nestedMigrations } from "../../golden/generated/nested/expected/migrations/index.js";
import * as postgres from "../../golden/generated/postgres/expected/generated/index.js";
import { migrations as postgresMigrations } from "../../golden/generated/postgres/expected/migrations/index.js";
import * as redis from "../../golden/generated/redis/expected/generated/index.js";
import * as replicated from "../../golden/generated/replicated/expected/generated/index.js";
import { sharedServer } from "../../servers/shared-server.js";
import { openMysql, openPostgres, openSqlite } from "./databases.js";

/** What the sessions of every golden case have in common. */
interface VisitedSessions {
  create(): Visited;
  fromCookie(header: string): Promise<Visited>;
  commit(session: Visited): Promise<readonly (readonly [name: string, value: string])[]>;
  close(): Promise<void>;
}

interface Visited {
  userId: number | undefined;
  visits: number;
  readonly isNew: boolean;
  readonly handle: string | null;
}

const folder = mkdtempSync(join(tmpdir(), "opened-sessions-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const redisUrl = await sharedServer("redis");
const postgresUrl = await sharedServer("postgres");
const mysqlUrl = await sharedServer("mysql");
const keyText = (): string => randomBytes(32).toString("base64url");

/** Writes a session as one process, reads it back as another, and gives what its client sends. */
async function keeps(open: () => VisitedSessions): Promise<string> {
  const [writer, reader] = [open(), open()];
  const session = writer.create();
  session.userId = 7;
  session.visits = 3;
  const headers = await writer.commit(session);
  const sent = headers.flatMap(([name, value]) => (name === "Set-Cookie" ? [value.split(";", 1)[0]] : []));
  const found = await reader.fromCookie(sent.join("; "));
  expect({ userId: found.userId, visits: found.visits, isNew: found.isNew }).toEqual({
    userId: 7,
    visits: 3,
    isNew: false,
  });
  await Promise.all([writer.close(), reader.close()]);
  return sent.join("; ");
}

/** Runs the migrations that were generated beside the sessions. */
async function migrate(db: Kysely<unknown>, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  for (const migration of Object.values(migrations)) await migration.up(db);
}

describe("generated sessions open on the real thing", () => {
  it("Redis, by url and by the app's own client", async () => {
    vi.stubEnv("REDIS_URL", redisUrl);
    await keeps(() => redis.createSessions());
    const client = new Redis(redisUrl, { keyPrefix: `${keyText()}:` });
    await keeps(() => redis.createSessions({ redis: client }));
    await revokes(redis.createSessions({ redis: client }));
    await client.quit();
  });

  it("two Redis clients, side by side", async () => {
    const [one, other] = [new Redis(redisUrl, { keyPrefix: `${keyText()}:` }), new Redis(redisUrl)];
    const options = { primary: { redis: one }, secondary: { redis: other } };
    await keeps(() => replicated.createSessions(options));
    await revokes(replicated.createSessions(options));
    await Promise.all([one.quit(), other.quit()]);
  });

  it("PostgreSQL, in a schema", async () => {
    const { db, url, drop } = await openPostgres(postgresUrl, "app");
    await migrate(db, postgresMigrations);
    vi.stubEnv("DATABASE_URL", url);
    await keeps(() => postgres.createSessions());
    await revokes(postgres.createSessions({ kysely: db }));
    await drop();
  });

  it("MySQL", async () => {
    const { db, url, drop } = await openMysql(mysqlUrl);
    await migrate(db, mysqlMigrations);
    vi.stubEnv("DATABASE_URL", url);
    await keeps(() => mysql.createSessions());
    await revokes(mysql.createSessions({ kysely: db }));
    await drop();
  });

  it("files", async () => {
    vi.stubEnv("SESSIONS_FOLDER", join(folder, "files"));
    await keeps(() => file.createSessions());
  });

  it("a Keyv", async () => {
    const keyv = new Keyv();
    await keeps(() => cache.createSessions({ cache: keyv }));
    expect(cache.createSessions({ cache: keyv })).not.toHaveProperty("find");
  });

  it("Redis in front of PostgreSQL", async () => {
    const { db, url, drop } = await openPostgres(postgresUrl);
    await migrate(db, cachedMigrations);
    vi.stubEnv("DATABASE_URL", url);
    vi.stubEnv("REDIS_URL", redisUrl);
    await keeps(() => cached.createSessions());
    await revokes(cached.createSessions({ store: { kysely: db } }));
    await drop();
  });

  it("a backend of the app's own", async () => {
    const backend = createMemoryBackend();
    await keeps(() => custom.createSessions({ backend }));
    await revokes(custom.createSessions({ backend }));
  });

  it("a chain of chains", async () => {
    const { db } = openSqlite(join(folder, "sessions.sqlite"));
    const copies = openSqlite(join(folder, "copies.sqlite"));
    await migrate(db, nestedMigrations);
    await migrate(copies.db, nestedMigrations);
    vi.stubEnv("COPIES", copies.path);
    const open = () =>
      nested.createSessions({
        cache: { backend: createMemoryBackend() },
        store: { primary: { cache: { cache: new Keyv() }, store: { kysely: db } } },
      });
    await keeps(open);
    await revokes(open());
    await Promise.all([db.destroy(), copies.db.destroy()]);
  });

  it("a sealed cookie", async () => {
    vi.stubEnv("SESSION_KEYS", `${keyText()},${keyText()}`);
    await keeps(() => cookie.createSessions());
    const keys = [keyText(), keyText()];
    await keeps(() => cookie.createSessions({ keys }));
    expect(cookie.createSessions({ keys })).not.toHaveProperty("delete");
  });

  it("a sealed cookie whose end is remembered in a database", async () => {
    const { db, path } = openSqlite(join(folder, "ended.sqlite"));
    await migrate(db, revocableMigrations);
    vi.stubEnv("DATABASE_URL", path);
    vi.stubEnv("NEW_KEY", keyText());
    vi.stubEnv("OLD_KEY", keyText());
    const sent = await keeps(() => revocable.createSessions());
    await endsBy(sent, revocable.createSessions({ revocation: { kysely: db } }));
    await db.destroy();
  });

  it("a signed token, and its end", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const keys = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const sessions = jwt.createSessions({ keys });
    await endsBy(await keeps(() => jwt.createSessions({ keys })), sessions);
  });
});

interface FoundVisits extends VisitedSessions {
  count(filter: { readonly userId: number }): Promise<number>;
  revoke(filter: { readonly userId: number }): Promise<number>;
}

async function revokes(sessions: FoundVisits): Promise<void> {
  expect(await sessions.count({ userId: 7 })).toBe(1);
  expect(await sessions.revoke({ userId: 7 })).toBe(1);
  expect(await sessions.count({ userId: 7 })).toBe(0);
  await sessions.close();
}

interface RevocableVisits extends VisitedSessions {
  revoke(filter: { readonly handle: string }): Promise<number>;
}

async function endsBy(sent: string, sessions: RevocableVisits): Promise<void> {
  const { handle } = await sessions.fromCookie(sent);
  expect(await sessions.revoke({ handle: handle ?? "" })).toBe(1);
  expect((await sessions.fromCookie(sent)).isNew).toBe(true);
  await sessions.close();
}
