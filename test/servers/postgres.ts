import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { accountOf } from "./account.js";
import { programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

export interface PostgresServerOptions {
  /** More settings of postgresql.conf, by name. As it is delivered, a commit is on disk before it is acknowledged. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL, with the database and the user `postgres`. */
export function startPostgres({ settings = {} }: PostgresServerOptions = {}): Promise<TestServer> {
  const command = programOf("postgres");
  const owner = process.getuid?.() === 0 ? accountOf("postgres") : undefined;
  const more = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return startServer({
    name: "postgres",
    command,
    owner,
    prepare: async (folder) => {
      if (owner) await chown(folder, owner.uid, owner.gid);
      const args = [
        "-D",
        join(folder, "data"),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
      ];
      await promisify(execFile)(join(dirname(command), "initdb"), args, { cwd: folder, ...owner });
    },
    args: (port, folder) => {
      const places = ["-D", join(folder, "data"), "-p", String(port), "-h", "127.0.0.1"];
      return [...places, "-c", "unix_socket_directories=", ...more];
    },
    url: urlOf,
    ask: async (port) => {
      const client = new pg.Client({ connectionString: urlOf(port), connectionTimeoutMillis: 1000 });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.query("select 1");
      } finally {
        await client.end().catch(() => {});
      }
    },
  });
}

const urlOf = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;
