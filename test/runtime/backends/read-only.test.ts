import { type Kysely, sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { startMariadb } from "../../servers/mariadb.js";
import { startPostgres } from "../../servers/postgres.js";
import { until } from "../../servers/until.js";
import { plainRecord } from "./plain-record.js";
import { endConnections, openApp, openBackend, type ServerUnderTest } from "./server-under-test.js";

const starters = { postgres: startPostgres, mysql: startMariadb } as const;

describe.each(["postgres", "mysql"] as const)("%s", async (dialect) => {
  const started = await starters[dialect]();
  afterAll(() => started.stop());
  const server = { dialect, url: started.url };

  test("connections that may only read are made anew: two seconds after the database takes writes again, all are taken", async () => {
    const backend = openBackend(server);
    await backend.createTable();
    const writeAll = (): Promise<PromiseSettledResult<boolean>[]> =>
      Promise.allSettled(Array.from({ length: 40 }, () => backend.create(plainRecord())));
    await makeReadOnly(server, openApp(server), true);
    // The administrator's own is one of them.
    await endConnections(server, openApp(server)).catch(() => {});
    await until(async () => (await writeAll()).every(isRefused), {
      what: "none is taken",
      milliseconds: 5000,
    });
    await makeReadOnly(server, openApp(server), false);
    const areTaken = async (): Promise<boolean> =>
      (await writeAll()).every(({ status }) => status === "fulfilled");
    const begin = performance.now();
    await until(areTaken, { what: "all are taken" });
    const milliseconds = performance.now() - begin;
    // Renewing takes some rounds, each of which takes its time where the machine is busy.
    const again = performance.now();
    await writeAll();
    expect(milliseconds).toBeLessThan(2000 + 10 * (performance.now() - again));
  });
});

function isRefused(outcome: PromiseSettledResult<boolean>): boolean {
  return outcome.status === "rejected" && outcome.reason.code === "unavailable";
}

/** What connections that are made from now on may do. */
async function makeReadOnly(
  { dialect }: ServerUnderTest,
  admin: Kysely<unknown>,
  isReadOnly: boolean,
): Promise<void> {
  const value = sql.raw(isReadOnly ? "on" : "off");
  if (dialect === "mysql") await sql`set global tx_read_only = ${value}`.execute(admin);
  else
    await admin.connection().execute(async (connection) => {
      await sql`set default_transaction_read_only = off`.execute(connection);
      await sql`alter database postgres set default_transaction_read_only = ${value}`.execute(connection);
    });
}
