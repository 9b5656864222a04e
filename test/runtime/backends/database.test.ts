import {
  createDatabaseBackend,
  type DatabaseBackend,
  type IndexColumn,
} from "../../../runtime/backends/database.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";

const columns: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  label: { column: "label", type: "text" },
  admin: { column: "admin", type: "boolean" },
};

async function createInMemory(): Promise<DatabaseBackend> {
  const backend = createDatabaseBackend({ dialect: "sqlite", url: ":memory:", columns });
  await backend.createTable();
  return backend;
}

let shared: Promise<DatabaseBackend> | undefined;
backendSuite("SQLite in memory", createInMemory, { abilities: everyAbility });
backendSuite(
  "a shared SQLite",
  () => {
    shared ??= createInMemory();
    return shared;
  },
  { abilities: everyAbility },
);
