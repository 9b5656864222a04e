import { afterAll, describe } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { createReplicatedBackend } from "../../../runtime/backends/replicated.js";
import { sharedServer } from "../../servers/shared-server.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { isNightly } from "../../suites/faults/scale.js";
import { testColumns } from "./cached/places.js";

const url = await sharedServer("redis");
const abilities = everyAbility;

describe.each(["async", "sync", "acknowledged"] as const)("%s", (mode) => {
  const sqlite = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns: testColumns });
  const created = sqlite.createTable();
  const memory = createReplicatedBackend({ primary: createMemoryBackend(), secondary: sqlite, mode });
  // In every run each mode is tried on Redis and SQLite below, and on these only the usual one; nightly all.
  if (mode === "async" || isNightly)
    backendSuite("memory and SQLite", () => created.then(() => memory), { abilities });

  const other = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns: testColumns });
  const otherCreated = other.createTable();
  const prefix = `replicated-${crypto.randomUUID()}`;
  const primary = createRedisBackend({ url, prefix, indexes: Object.keys(testColumns) });
  const redis = createReplicatedBackend({ primary, secondary: other, mode, failover: "write" });
  backendSuite("Redis and SQLite, both for writing", () => otherCreated.then(() => redis), { abilities });

  afterAll(() => Promise.all([memory.close(), redis.close()]));
});
