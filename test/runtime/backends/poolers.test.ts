import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import type { DatabaseBackend } from "../../../runtime/backends/database.js";
import { SessionError } from "../../../runtime/platform/errors.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { isInstalled } from "../../servers/installed.js";
import { type Pgbouncer, type PgbouncerSettings, startPgbouncer } from "../../servers/pgbouncer.js";
import { sharedServer } from "../../servers/shared-server.js";
import { startTcpProxy } from "../../servers/tcp-proxy.js";
import { until } from "../../servers/until.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { openApp, openBackend, type ServerUnderTest, uniqueName } from "./server-under-test.js";

const mostInTurn = 2;

describe.skipIf(!isInstalled("pgbouncer"))("behind PgBouncer", async () => {
  const direct: ServerUnderTest = { dialect: "postgres", url: await sharedServer("postgres") };

  async function start(settings: PgbouncerSettings): Promise<Pgbouncer> {
    const pooler = await startPgbouncer(direct.url, settings);
    afterAll(() => pooler.stop());
    return pooler;
  }

  /** Each transaction has another connection than the one before it. */
  const inTurn = { pool_mode: "transaction", default_pool_size: mostInTurn, server_round_robin: 1 };
  const modes: readonly (readonly [name: string, PgbouncerSettings])[] = [
    ["in transaction mode that prepares nothing", { ...inTurn, max_prepared_statements: 0 }],
    ["in transaction mode that prepares statements", { ...inTurn, max_prepared_statements: 200 }],
    ["in session mode", { pool_mode: "session", default_pool_size: 20 }],
  ];

  describe.each(modes)("%s", async (name, settings) => {
    const pooler = await start(settings);
    const pooled: ServerUnderTest = { dialect: "postgres", url: pooler.url };
    const backend = openBackend(pooled);
    const created = backend.createTable();
    backendSuite(`PgBouncer ${name}`, () => created.then(() => backend), { abilities: everyAbility });

    test("its connections may be replaced under load: no request notices", async () => {
      const clients = startClients(await opened(pooled));
      for (let time = 0; time < 5; time += 1) {
        await clients.more(16);
        await until(() => hasConnected(pooler), { what: "nobody waits for a connection that is being made" });
        await pooler.command("RECONNECT");
      }
      await clients.more(16);
      expect(await clients.stop()).toEqual([]);
    });

    test("it may end under load: what was under way is told as unavailable, and all goes on", async () => {
      const clients = startClients(await opened(pooled));
      for (let time = 0; time < 2; time += 1) {
        await clients.more(16);
        await pooler.restart();
      }
      await clients.more(16);
      const failures = await clients.stop();
      expect(new Set(failures.map(codeOf))).toEqual(new Set(["unavailable"]));
    });
  });

  describe("in statement mode", async () => {
    const pooler = await start({ ...inTurn, pool_mode: "statement" });
    const pooled: ServerUnderTest = { dialect: "postgres", url: pooler.url };
    const backend = openBackend(pooled);
    const created = backend.createTable();
    const abilities = everyAbility.filter((ability) => ability !== "limit");
    backendSuite("PgBouncer in statement mode", () => created.then(() => backend), { abilities });

    test("a limit for a tenant is refused by the setting's name, and nobody else's request", async () => {
      const limited = await opened(pooled);
      const limit = { tenant: "a", max: 1, onLimit: "refuse" } as const;
      for (let at = 0; at < 20; at += 1) {
        await expect(limited.abilities.limit.createWithin(record("one"), limit)).rejects.toMatchObject({
          code: "config",
          message: expect.stringContaining("pool_mode"),
        });
        expect(await limited.exists("one")).toBe(false);
      }
    });
  });

  test("a table that changes costs one connection, not one at each request", async () => {
    const pooler = await start({ pool_mode: "transaction", default_pool_size: 1 });
    const proxy = await startTcpProxy(pooler.port);
    afterAll(() => proxy.close());
    const table = uniqueName();
    const backend = await opened({ dialect: "postgres", url: proxy.urlOf(pooler.url) }, table);
    await backend.create(record("one"));
    await backend.load("one");
    await sql`alter table ${sql.ref(table)} alter column header type varchar(300)`.execute(openApp(direct));
    let connections = 0;
    proxy.treat((request) => {
      if (isStartup(request)) connections += 1;
      return "pass";
    });
    for (let at = 0; at < 20; at += 1) expect(await backend.load("one")).toMatchObject({ id: "one" });
    expect(connections).toBe(1);
  });
});

async function opened(server: ServerUnderTest, table = uniqueName()): Promise<DatabaseBackend> {
  const backend = openBackend(server, { table });
  await backend.createTable();
  return backend;
}

/** Whether no connection is being made, or will be: whoever waits for one that is replaced is refused by PgBouncer itself. */
async function hasConnected(pooler: Pgbouncer): Promise<boolean> {
  const pools = (await pooler.command("show pools")).filter((pool) => pool["database"] !== "pgbouncer");
  return pools.every((pool) => {
    const [made, waiting, coming] = ["sv_active", "cl_waiting", "sv_login"].map((name) => Number(pool[name]));
    return coming === 0 && (waiting === 0 || made === mostInTurn);
  });
}

interface Clients {
  /** Resolves when so many rounds more went well. */
  more(rounds: number): Promise<void>;
  /** Answers what went wrong. */
  stop(): Promise<readonly unknown[]>;
}

/** Sixteen, each of which checks what it is answered, round after round. */
function startClients(backend: DatabaseBackend): Clients {
  const failures: unknown[] = [];
  let isOver = false;
  let rounds = 0;
  const client = async (): Promise<void> => {
    while (!isOver) {
      try {
        await checkAll(backend, crypto.randomUUID());
        rounds += 1;
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const clients = Promise.all(Array.from({ length: 16 }, client));
  return {
    more: async (wanted) => {
      const end = rounds + wanted;
      await until(() => rounds >= end, { what: `${wanted} rounds more went well` });
    },
    stop: async () => {
      isOver = true;
      await clients;
      await backend.close();
      return failures;
    },
  };
}

async function checkAll(backend: DatabaseBackend, id: string): Promise<void> {
  const { find, limit, sweep } = backend.abilities;
  const label = id;
  expect(await backend.create(record(id, 1, label))).toBe(true);
  expect(await backend.load(id)).toMatchObject({ id, revision: 1, indexed: { label } });
  expect(await backend.save(record(id, 2, label))).toBe(true);
  expect(await backend.save({ ...record(id, 2), writeId: "late" })).toBe(false);
  expect(await backend.touch(id, 2, 5000)).toBe(true);
  expect((await find.find({ field: "label", value: label, limit: 2 })).records).toMatchObject([{ id }]);
  const one = { tenant: id, max: 1, onLimit: "refuse" } as const;
  expect(await limit.createWithin({ ...record(`${id} more`), tenant: id }, one)).toBe(true);
  expect(await backend.delete(id)).toBe(true);
  expect([await backend.load(id), await backend.exists(id)]).toEqual([null, false]);
  await sweep.deleteExpired(1, 10);
}

function codeOf(error: unknown): unknown {
  return error instanceof SessionError ? error.code : error;
}

/** The first message of a connection, of version 3 of the protocol. */
function isStartup(message: Buffer): boolean {
  return message.length >= 8 && message.readInt32BE(4) === 196_608;
}

function record(id: string, revision = 1, label: string | null = null): SessionRecord {
  return {
    ...{ id, tenant: null, header: "1;cbor;-;-;0", data: new Uint8Array([revision]), revision },
    ...{ writeId: `${id} ${revision}`, createdAt: 0, expiresAt: 1000 },
    indexed: { userId: null, label, admin: true },
  };
}
