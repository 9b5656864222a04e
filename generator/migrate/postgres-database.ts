import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { CommandError } from "../command.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseLocation } from "./location.js";
import type { MigrationDatabase } from "./migrator.js";

/** How long a connection may take to open, in milliseconds. */
const connectTimeout = 10_000;

/** Opens a pool. Kysely's migrator takes an advisory lock, and undoes in its transaction what a step began. */
export function openPostgres({ url, projectFolder }: DatabaseLocation): MigrationDatabase {
  const driver = loadDriver(projectFolder, { name: "pg", dialect: "postgres" });
  if (!isPg(driver)) throw new CommandError("The package pg is not what it should be.");
  const pool = new driver.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: connectTimeout });
  // A connection that breaks says so to whoever waits for it; unheard, the same event would end the process.
  pool.on("error", () => {});
  return {
    db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }),
    undoesSteps: true,
    resumable: (_name, migration) => migration,
  };
}

interface Pg {
  readonly Pool: new (options: {
    readonly connectionString: string;
    readonly max: number;
    readonly connectionTimeoutMillis: number;
  }) => PostgresPool & { on(event: "error", listener: () => void): unknown };
}

function isPg(driver: unknown): driver is Pg {
  return (
    typeof driver === "object" && driver !== null && "Pool" in driver && typeof driver.Pool === "function"
  );
}
