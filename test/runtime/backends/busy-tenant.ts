import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { OpenDatabase } from "../../../runtime/backends/database/client.js";
import type { DatabaseDialect } from "../../../runtime/backends/database/dialect.js";
import { mysql } from "../../../runtime/backends/database/mysql.js";
import { postgres } from "../../../runtime/backends/database/postgres.js";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { createReplicatedBackend } from "../../../runtime/backends/replicated.js";
import type { Listable, SessionRecord } from "../../../runtime/types/backend.js";
import { openBackend, type ServerUnderTest, uniqueName } from "./server-under-test.js";

const dialects: Readonly<Record<ServerUnderTest["dialect"], DatabaseDialect>> = { postgres, mysql };

/** More than a pool has connections. */
const many = 24;

const limit = { tenant: "busy", max: 100, onLimit: "refuse" } as const;

/** A tenant of which somebody else holds the turn, as a process does that stands still while it creates a session. */
export function busyTenants(server: ServerUnderTest): void {
  const table = uniqueName();
  const backend = openBackend(server, { table });
  let database: OpenDatabase;
  beforeAll(async () => {
    await backend.createTable();
    database = await dialects[server.dialect].open(server.url);
  });
  afterAll(() => database.close());

  test("who waits for its turn in vain is told of a conflict, and takes no connection from others", async () => {
    const release = await hold(dialects[server.dialect], database, table);
    const created = Array.from({ length: many }, (_, at) =>
      backend.abilities.limit.createWithin(record(`vain${at}`), limit, { signal: AbortSignal.timeout(500) }),
    );
    const outcomes = Promise.allSettled(created);
    expect(await backend.create({ ...record("other"), tenant: "quiet" })).toBe(true);
    const other = { ...record("within"), tenant: "quiet" };
    expect(await backend.abilities.limit.createWithin(other, { ...limit, tenant: "quiet" })).toBe(true);
    // The first has waited for the database, the others for the first.
    const [first, ...rest] = await outcomes;
    expect(first).toMatchObject({ status: "rejected", reason: { code: "conflict" } });
    for (const one of rest) expect(one).toMatchObject({ status: "rejected", reason: { code: "timeout" } });
    await release();
    expect(await backend.abilities.limit.createWithin(record("after"), limit)).toBe(true);
    expect(await membersOf(backend)).toEqual(["after"]);
    await backend.delete("after");
  });

  test("replicated takes a tenant that has to wait for no outage, and creates nothing of it afterwards", async () => {
    const secondary = createMemoryBackend();
    const options = { mode: "async", failover: "write", deadline: "1.5s" } as const;
    const replicated = createReplicatedBackend({ primary: backend, secondary, ...options });
    const release = await hold(dialects[server.dialect], database, table);
    const created = Array.from({ length: many }, (_, at) =>
      replicated.abilities.limit.createWithin(record(`late${at}`), limit),
    );
    for (const one of await Promise.allSettled(created))
      expect(one).toMatchObject({ status: "rejected", reason: { code: "conflict" } });
    expect(await replicated.create({ ...record("meanwhile"), tenant: "quiet" })).toBe(true);
    expect(await backend.exists("meanwhile")).toBe(true);
    await release();
    expect(await replicated.abilities.limit.createWithin(record("now"), limit)).toBe(true);
    expect(await membersOf(backend)).toEqual(["now"]);
    expect(await replicated.drain("5s")).toBe(true);
    expect(await membersOf(secondary)).toEqual(["now"]);
  });
}

/** Takes the turn of the tenant until the answer is called. */
async function hold(
  dialect: DatabaseDialect,
  { client }: OpenDatabase,
  table: string,
): Promise<() => Promise<void>> {
  let release = (): void => {};
  let isHeld = (): void => {};
  const held = new Promise<void>((resolve) => (isHeld = resolve));
  const over = new Promise<void>((resolve) => (release = resolve));
  const turn = dialect.alone(client, `${table} ${limit.tenant}`, () => {
    isHeld();
    return over;
  });
  const letGo = (): Promise<void> => {
    release();
    return turn;
  };
  onTestFinished(letGo);
  await held;
  return letGo;
}

async function membersOf({
  abilities,
}: {
  readonly abilities: { readonly list: Listable };
}): Promise<readonly string[]> {
  return (await abilities.list.list({ tenant: limit.tenant, limit: 100 })).records.map(({ id }) => id);
}

function record(id: string): SessionRecord {
  return {
    id,
    tenant: limit.tenant,
    header: "1;json;-;-;0",
    data: new TextEncoder().encode("{}"),
    revision: 1,
    writeId: id,
    createdAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
    indexed: {},
  };
}
