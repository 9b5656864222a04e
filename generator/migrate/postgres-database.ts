import { Kysely, PostgresDialect, type PostgresPool, sql } from "kysely";
import { CommandError } from "../command.js";
import { loadDriver } from "./load-driver.js";
import type { DatabaseLocation } from "./location.js";
import type { MigrationDatabase } from "./migration-database.js";

/** How long a connection may take to open, in milliseconds. */
const connectTimeout = 10_000;

/** Names the advisory lock of our steps among all that a database may have. */
const lockName = "session-gen migrate";

/** Opens a pool. The advisory lock ends with the transaction, which undoes what a step began, whoever ends the process. */
export function openPostgres({ url, projectFolder }: DatabaseLocation): MigrationDatabase {
  const driver = loadDriver(projectFolder, { name: "pg", dialect: "postgres" });
  if (!isPg(driver)) throw new CommandError("The package pg is not what it should be.");
  const pool = new driver.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: connectTimeout });
  // A connection that breaks says so to whoever waits for it; unheard, the same event would end the process.
  pool.on("error", () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    dialect: "postgres",
    undoesSteps: true,
    exclusively: (work) =>
      db.transaction().execute(async (transaction) => {
        await sql`set local lock_timeout = 0`.execute(transaction);
        await sql`select pg_advisory_xact_lock(hashtextextended(${lockName}, 0))`.execute(transaction);
        return await work(transaction);
      }),
    readBegun: async () => [],
    runStep: async (_db, { run, note }) => {
      await run();
      await note();
    },
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
