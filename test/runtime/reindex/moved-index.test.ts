import { join } from "node:path";
import { expect, test } from "vitest";
import type { BackendModel } from "../../../generator/model/backend-model.js";
import { reindexSessions } from "../../../runtime/admin/reindex.js";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { codeVersions } from "../../suites/versions/code-version.js";
import { deploy } from "../../suites/versions/deployment.js";
import { schema } from "../../suites/versions/schema.js";

const database: BackendModel = { backend: "database", dialect: "sqlite", url: "./sessions.sqlite" };
const memory: BackendModel = { backend: "memory" };

/** An index that goes, comes back, and stays. */
function versionsOver(backend: BackendModel) {
  const indexes = [["team"], [], ["team"], ["team", "userId"]];
  const fields = { team: { type: "boolean" }, userId: { type: "integer" } } as const;
  return codeVersions(
    "json",
    indexes.map((some) => schema(fields, { settings: { indexes: some, backend } })),
  );
}

test("an index that comes back in a database has another column, and a mark of its own", () => {
  const [, , back, later] = versionsOver(database);
  expect(back?.columns).toEqual({ team: { column: "team_", type: "boolean" } });
  expect(back?.kind).toMatchObject({ lateIndexes: ["team"], endedIndexes: ["team"] });
  expect(back?.kind.indexKeys).toEqual({ team: expect.stringMatching(/^team:boolean#[0-9a-f]{8}$/) });
  expect(later?.kind.indexKeys).toEqual(back?.kind.indexKeys);
  const [, , elsewhere] = versionsOver(memory);
  expect(elsewhere?.kind).toMatchObject({ lateIndexes: ["team"], endedIndexes: [], indexKeys: {} });
});

test("versions from before an index went and from after it came back end each other's sessions, after a reindex too", async () => {
  const [first, , back] = versionsOver(database);
  if (first === undefined || back === undefined) throw new Error("Both were to be made.");
  const url = join(temporaryFolder(), "moved.sqlite");
  const open = (columns: typeof first.columns) => createDatabaseBackend({ dialect: "sqlite", url, columns });
  const whole = open({ ...first.columns, other: { column: "team_", type: "boolean" } });
  await whole.createTable();
  const backends = [open(first.columns), open(back.columns)] as const;
  const [after] = deploy([back], backends[1]);
  if (after === undefined) throw new Error("It was to be deployed.");
  await after.store({ team: true });
  const reindexed = await reindexSessions({ sessions: after.sessions, backend: backends[1] });
  expect(reindexed.outcome).toBe("complete");
  const [before] = deploy([first], backends[0]);
  const key = await before?.store({ team: true });
  const everyone = { team: true } as never;
  expect([await before?.sessions.count(everyone), await after.sessions.count(everyone)]).toEqual([2, 2]);
  expect(await after.sessions.revoke(everyone)).toBe(2);
  expect(await before?.sessions.load(key ?? "")).toBeNull();
  await Promise.all([whole, ...backends].map((backend) => backend.close()));
});
