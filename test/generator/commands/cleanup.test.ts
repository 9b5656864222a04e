import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedisBackend } from "../../../runtime/backends/redis.js";
import { recordOf } from "../../runtime/copied-records.js";
import { sharedServer } from "../../servers/shared-server.js";
import { createStoreProject, type StoreProject, storeSchema } from "./stores.js";

let stores: StoreProject;

beforeEach(async () => {
  stores = await createStoreProject();
  for (let count = 0; count < 25; count++) {
    await stores.from.create(recordOf(`over${count}`, { expiresAt: Date.now() - 1 - count }));
  }
  await stores.from.create(recordOf("alive"));
});

afterEach(() => stores.remove());

const cleanup = ["cleanup", "--schema", "from.schema.ts"];

test("deletes what has expired, a line for each batch, and nothing else", async () => {
  const { code, log, out } = await stores.project.run(...cleanup, "--batch", "10");
  expect([code, out]).toEqual([0, ""]);
  expect(log).toBe("10 deleted\n20 deleted\n25 deleted\n25 expired sessions deleted.\n");
  expect(await stores.from.exists("alive")).toBe(true);
  expect(await stores.json(...cleanup)).toMatchObject({ code: 0, status: "ok", part: 0 });
});

test("prints one object", async () => {
  const { out } = await stores.project.run(...cleanup, "--json");
  expect(JSON.parse(out)).toEqual({ status: "ok", files: [], errors: [], deleted: 25 });
});

test("reads session.schema.ts unless told otherwise, and says when there is none", async () => {
  const { code, log } = await stores.project.run("cleanup");
  expect([code, log]).toEqual([2, expect.stringContaining("session.schema.ts")]);
});

test("goes on where a store answers before the batch is full, until nothing is left", async () => {
  const url = await sharedServer("redis");
  const prefix = `cleanup-${crypto.randomUUID()}`;
  const redis = createRedisBackend({ url, prefix });
  // All at once wait longer than a command may, where the machine is busy.
  for (let wave = 0; wave < 20; wave++) {
    const expired = Array.from({ length: 1000 }, (_, count) =>
      redis.create(recordOf(`over${wave}-${count}`, { expiresAt: Date.now() - 1 })),
    );
    await Promise.all(expired);
  }
  const backend = `redis({ url: ${JSON.stringify(url)}, prefix: "${prefix}" })`;
  stores.project.write("redis.schema.ts", storeSchema(backend));
  const run = await stores.project.run("cleanup", "--schema", "redis.schema.ts", "--batch", "1000000");
  expect([run.code, run.log]).toEqual([0, expect.stringContaining("20000 expired sessions deleted.")]);
  await redis.close?.();
}, 60_000);

test("says that there is no database, and makes none", async () => {
  const url = `${stores.project.folder}/none.sqlite`;
  stores.project.write(
    "none.schema.ts",
    storeSchema(`database({ dialect: "sqlite", url: ${JSON.stringify(url)} })`),
  );
  const { code, log } = await stores.project.run("cleanup", "--schema", "none.schema.ts");
  expect([code, log]).toEqual([2, expect.stringContaining(`There is no database ${url}`)]);
  expect(existsSync(url)).toBe(false);
});

test("refuses what it cannot sweep, and numbers that are none", async () => {
  stores.project.write("memory.schema.ts", storeSchema("memory()"));
  const memory = await stores.project.run("cleanup", "--schema", "memory.schema.ts");
  expect([memory.code, memory.log]).toEqual([2, expect.stringContaining("in the app's process")]);
  const batch = await stores.project.run(...cleanup, "--batch", "many");
  expect([batch.code, batch.log]).toEqual([2, expect.stringContaining('not "many"')]);
});
