import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createDatabaseBackend } from "../../runtime/backends/database.js";
import { modelSuite } from "../suites/model/model.js";

const folder = mkdtempSync(join(tmpdir(), "session-gen-model-"));
const backend = createDatabaseBackend({
  dialect: "sqlite",
  url: join(folder, "sessions.sqlite"),
  columns: { userId: { column: "user_id", type: "integer" } },
});

beforeAll(() => backend.createTable());

afterAll(async () => {
  await backend.close();
  rmSync(folder, { recursive: true });
});

modelSuite("SQLite", () => backend, { quick: 1600, nightly: 80_000 });
