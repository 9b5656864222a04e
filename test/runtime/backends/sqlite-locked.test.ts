import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { plainRecord } from "./plain-record.js";

test("while another process keeps SQLite locked, one write waits for it, and the process does not stand still for each", async () => {
  const url = join(temporaryFolder(), "locked.sqlite");
  const backend = createDatabaseBackend({ dialect: "sqlite", url });
  await backend.createTable();
  const ids = Array.from({ length: 6 }, (_, at) => `id-${at}`);
  for (const id of ids) await backend.create(plainRecord(id));
  const other = new Database(url);
  other.exec("begin immediate");
  const begin = performance.now();
  const outcomes = await Promise.allSettled([
    ...ids.map((id) => backend.delete(id)),
    ...ids.map((id) => backend.abilities.limit.createWithin(plainRecord(`${id}-new`), limit)),
  ]);
  expect(performance.now() - begin).toBeLessThan(3500);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "unavailable" } });
  expect(await backend.load("id-0")).toEqual(plainRecord("id-0"));
  other.exec("rollback");
  expect(await backend.delete("id-0")).toBe(true);
  other.exec("begin immediate");
  const again = performance.now();
  await expect(backend.delete("id-1")).rejects.toMatchObject({ code: "unavailable" });
  expect(performance.now() - again).toBeGreaterThan(1500);
  other.close();
  await backend.close();
});

const limit = { tenant: "a", max: 9, onLimit: "refuse" } as const;
