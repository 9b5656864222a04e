import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import { findProgram, programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

export interface MariadbServerOptions {
  /** More settings of my.cnf, by name. As it is delivered, a commit is on disk before it is acknowledged. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A MariaDB, or the MySQL that is installed in its place, with the database `test` and the user `root`. */
export function startMariadb({ settings = {} }: MariadbServerOptions = {}): Promise<TestServer> {
  const command = programOf("mysql");
  const more = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  return startServer({
    name: "mariadb",
    command,
    prepare: (folder) => createData(command, folder, asRoot),
    args: (port, folder) => [
      "--no-defaults",
      `--datadir=${join(folder, "data")}`,
      `--tmpdir=${folder}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "own.pid")}`,
      "--skip-name-resolve",
      "--innodb-buffer-pool-size=64M",
      ...asRoot,
      ...more,
    ],
    url: (port) => urlOf(port, "test"),
    ask: async (port) => {
      const client = await mysql.createConnection({ uri: urlOf(port, ""), connectTimeout: 1000 });
      client.on("error", () => {});
      try {
        await client.query("create database if not exists test");
      } finally {
        client.destroy();
      }
    },
  });
}

const urlOf = (port: number, database: string): string => `mysql://root@127.0.0.1:${port}/${database}`;

async function createData(command: string, folder: string, asRoot: readonly string[]): Promise<void> {
  const installer = findProgram("mariadb-install-db");
  // Temporary tables of two servers in one folder would meet.
  const own = ["--no-defaults", `--datadir=${join(folder, "data")}`, `--tmpdir=${folder}`, ...asRoot];
  const run = promisify(execFile);
  if (installer === undefined) await run(command, [...own, "--initialize-insecure"]);
  else await run(installer, [...own, "--auth-root-authentication-method=normal", "--skip-name-resolve"]);
}
