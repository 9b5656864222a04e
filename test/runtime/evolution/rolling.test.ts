import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { sharedServer } from "../../servers/shared-server.js";
import { rollingSuite } from "../../suites/versions/rolling.js";

const folder = mkdtempSync(join(tmpdir(), "session-gen-rolling-"));
const memory = createMemoryBackend();
const redis = createRedisBackend({
  url: await sharedServer("redis"),
  prefix: `rolling-${crypto.randomUUID()}`,
  indexes: ["userId"],
});
const sqlite = createDatabaseBackend({
  dialect: "sqlite",
  url: join(folder, "sessions.sqlite"),
  columns: { userId: { column: "user_id", type: "integer" } },
});

beforeAll(() => sqlite.createTable());

afterAll(async () => {
  await Promise.all([redis.close(), sqlite.close()]);
  rmSync(folder, { recursive: true });
});

rollingSuite("memory", () => memory);
rollingSuite("Redis", () => redis);
rollingSuite("SQLite", () => sqlite);
