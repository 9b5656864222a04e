import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import Keyv from "keyv";
import { sql } from "kysely";
import { afterEach, expect, it, vi } from "vitest";
import { createCacheBackend } from "../../../runtime/backends/cache.js";
import { randomText } from "../../../runtime/platform/built-ins.js";
import * as gzipped from "../../golden/generated/compressed-gzip/expected/generated/index.js";
import * as encrypted from "../../golden/generated/encrypted/expected/generated/index.js";
import { migrations } from "../../golden/generated/encrypted/expected/migrations/index.js";
import * as token from "../../golden/generated/encrypted-jwt/expected/generated/index.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { openSqlite } from "./databases.js";

const folder = temporaryFolder();
afterEach(() => vi.unstubAllEnvs());

it("generated sessions are encrypted in their table, and found there by hashes", async () => {
  const { db } = openSqlite(join(folder, "sessions.sqlite"));
  for (const migration of Object.values(migrations)) await migration.up(db);
  const [old, next] = [randomText(32), randomText(32)];
  vi.stubEnv("SESSION_ENCRYPTION_KEYS", old);
  const sessions = encrypted.createSessions({ kysely: db });
  await sessions.ready();
  const session = sessions.create({ userId: 7, email: "canary@example.org" });
  await session.save();
  const { rows } = await sql`select * from sessions`.execute(db);
  expect(rows).toMatchObject([{ text: null, user_id_hash: expect.stringMatching(/^[\w-]{43}$/) }]);
  expect(
    JSON.stringify(rows, (_, value) =>
      value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
    ),
  ).not.toContain("canary");

  const rotated = encrypted.createSessions({ kysely: db, keys: [next, old] });
  expect(await rotated.count({ userId: 7, email: "canary@example.org" })).toBe(1);
  expect((await rotated.load(session.key ?? ""))?.email).toBe("canary@example.org");
  expect(await rotated.revoke({ email: "canary@example.org" })).toBe(1);
  await db.destroy();
});

it("generated sessions tell of a missing key by its name, when they are ready or used", async () => {
  const backend = createCacheBackend({ cache: new Keyv() });
  const sessions = encrypted.createSessions({ backend });
  const missing = { code: "config", message: expect.stringContaining("SESSION_ENCRYPTION_KEYS") };
  await expect(sessions.ready()).rejects.toMatchObject(missing);
  await expect(sessions.create({ userId: 7 }).save()).rejects.toMatchObject(missing);
});

it("a generated token is signed with one key and encrypted with another", async () => {
  const pair = generateKeyPairSync("ed25519");
  const keys = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  vi.stubEnv("NEW_KEY", randomText(32));
  vi.stubEnv("OLD_KEY", randomText(32));
  const session = token.createSessions({ keys }).create({ userId: 123_456_789, visits: 1 });
  await session.save();
  const payload = JSON.parse(Buffer.from(session.key?.split(".")[1] ?? "", "base64url").toString());
  const packed = Buffer.from(payload.session, "base64url");
  expect(packed.toString("latin1")).toContain(";json;-;");
  expect(packed.includes("123456789")).toBe(false);
  expect((await token.createSessions({ keys }).load(session.key ?? ""))?.userId).toBe(123_456_789);
  vi.stubEnv("NEW_KEY", randomText(32));
  expect(await token.createSessions({ keys, logger: { warn: () => {} } }).load(session.key ?? "")).toBeNull();
});

it("a generated cookie is compressed when its schema says so", async () => {
  const keys = randomText(32);
  const session = gzipped.createSessions({ keys }).create({ userId: 7 });
  await session.save();
  expect((await gzipped.createSessions({ keys }).load(session.key ?? ""))?.userId).toBe(7);
});
