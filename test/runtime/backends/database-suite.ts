import { afterAll } from "vitest";
import {
  createDatabaseBackend,
  type DatabaseBackend,
  type DatabaseBackendOptions,
  type IndexColumn,
} from "../../../runtime/backends/database.js";
import { withDeadline } from "../../../runtime/layers/deadline.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";

/** The indexes that the backend's contract is tested with. */
export const columns: Readonly<Record<string, IndexColumn>> = {
  userId: { column: "user_id", type: "integer" },
  label: { column: "label", type: "text" },
  admin: { column: "admin", type: "boolean" },
};

export interface ServerUnderTest {
  readonly dialect: "postgres" | "mysql";
  readonly url: string;
}

/** A backend with a table of its own, both of which go with the test file. */
export function openTable(
  { dialect, url }: ServerUnderTest,
  options: Partial<DatabaseBackendOptions> = {},
): DatabaseBackend {
  const backend = createDatabaseBackend({ dialect, url, columns, table: uniqueTable(), ...options });
  afterAll(() => backend.close());
  return backend;
}

export function uniqueTable(): string {
  return `t_${crypto.randomUUID().replaceAll("-", "_")}`;
}

/** The contract, on a server. */
export function serverSuite(server: ServerUnderTest): void {
  const backend = openTable(server);
  const created = backend.createTable();
  backendSuite(server.dialect, () => created.then(() => backend), { abilities: everyAbility });
  const bounded = withDeadline(backend, 10_000);
  backendSuite(`${server.dialect} under a deadline`, () => created.then(() => bounded), {
    abilities: everyAbility,
  });
}
