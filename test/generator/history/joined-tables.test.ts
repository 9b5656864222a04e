import { expect, test } from "vitest";
import { joinTables } from "../../../generator/history/join-tables.js";
import type { TableHistory, TableMigration } from "../../../generator/history/model-file.js";

const create: TableMigration = { name: "0001_create_sessions", columns: [] };
const addTeam: TableMigration = {
  name: "0002_add_team",
  columns: [{ field: "team", column: "team", type: "text" }],
};

const renamed = (name: string, number: string, ...before: readonly TableMigration[]): TableHistory => ({
  name,
  migrations: [
    ...before,
    { name: `${number}_rename_sessions`, columns: [], renames: { from: "sessions", to: name } },
  ],
});

test("a table that two branches renamed apart from each other is renamed once", () => {
  const tables = [renamed("people", "0002", create), renamed("users", "0003", create, addTeam)];
  expect(joinTables(tables, [])).toEqual({
    name: "people",
    migrations: [
      create,
      {
        name: "0002_rename_sessions",
        columns: [],
        renames: { from: "sessions", to: "people" },
        formerly: ["0003_rename_sessions"],
      },
      { ...addTeam, name: "0004_add_team", formerly: ["0002_add_team"] },
    ],
  });
});
