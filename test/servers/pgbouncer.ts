import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { accountOf } from "./account.js";
import { programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

/** Settings of pgbouncer.ini, by name. */
export type PgbouncerSettings = Readonly<Record<string, string | number>>;

/** A PgBouncer in front of a PostgreSQL. */
export interface Pgbouncer extends TestServer {
  /** A command of its own console, as `RECONNECT`, and what it answers. */
  command(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Its url is that of the server, by way of it. As it is delivered but for the settings. */
export async function startPgbouncer(serverUrl: string, settings: PgbouncerSettings): Promise<Pgbouncer> {
  const owner = process.getuid?.() === 0 ? accountOf("postgres") : undefined;
  const server = new URL(serverUrl);
  const urlOf = (port: number, database = server.pathname.slice(1)): string =>
    Object.assign(new URL(serverUrl), { port, pathname: database }).href;
  const command = async (port: number, text: string) => {
    const client = new pg.Client({
      connectionString: urlOf(port, "pgbouncer"),
      connectionTimeoutMillis: 1000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query<Readonly<Record<string, unknown>>>(text)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  };
  const started = await startServer({
    name: "pgbouncer",
    command: programOf("pgbouncer"),
    owner,
    prepare: async (folder, port) => {
      if (owner) await chown(folder, owner.uid, owner.gid);
      await writeFile(join(folder, "pgbouncer.ini"), configuration(port, server, settings));
    },
    args: (_port, folder) => [join(folder, "pgbouncer.ini")],
    url: (port) => urlOf(port),
    ask: (port) => command(port, "show version"),
  });
  return Object.assign(started, { command: (text: string) => command(started.port, text) });
}

function configuration(port: number, server: URL, settings: PgbouncerSettings): string {
  const { hostname, username, password } = server;
  const secret = password === "" ? "" : ` password=${decodeURIComponent(password)}`;
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `[databases]
* = host=${hostname} port=${server.port || 5432} user=${username}${secret}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = ${username}
${lines.join("\n")}
`;
}
