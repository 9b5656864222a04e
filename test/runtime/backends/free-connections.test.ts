import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { FreeConnections } from "../../../runtime/backends/database/free-connections.js";

/** A pool of one connection, as a server's is. */
function openPool() {
  const pool = { asked: 0, released: 0, resume: (): void => {} };
  const release = (): void => {
    pool.released += 1;
  };
  const connection = { isUsable: true, release };
  const connections = new FreeConnections(() => {
    pool.asked += 1;
    return new Promise<typeof connection>((resolve) => {
      pool.resume = () => resolve(connection);
    });
  });
  const open = async (): Promise<typeof connection> => {
    const waiting = connections.wait();
    pool.resume();
    return await waiting;
  };
  return { pool, connection, connections, open };
}

test("one that comes free is at hand for the rest of the turn", async () => {
  const { pool, connections, open } = openPool();
  const connection = await open();
  connections.give(connection);
  await Promise.resolve();
  expect(connections.take()).toBe(connection);
  expect(connections.take()).toBeUndefined();
  connections.give(connection);
  expect(connections.take()).toBe(connection);
  expect(pool).toMatchObject({ asked: 1, released: 0 });
});

test("after the turn the pool has it again, once", async () => {
  const { pool, connections, open } = openPool();
  connections.give(await open());
  connections.give(connections.take() ?? (await open()));
  await setImmediate();
  expect(connections.take()).toBeUndefined();
  expect(pool).toMatchObject({ asked: 1, released: 1 });
});

test("where somebody waits for one, the pool has it at once", async () => {
  const { pool, connections, open } = openPool();
  const connection = await open();
  const waiting = connections.wait();
  connections.give(connection);
  expect(pool.released).toBe(1);
  expect(connections.take()).toBeUndefined();
  pool.resume();
  expect(await waiting).toBe(connection);
});

test("one that is lost goes to the pool, which closes it: at once, or when it is lost in the same turn", async () => {
  const { pool, connection, connections, open } = openPool();
  await open();
  connection.isUsable = false;
  connections.give(connection);
  expect(pool.released).toBe(1);
  connection.isUsable = true;
  connections.give(connection);
  connection.isUsable = false;
  expect(connections.take()).toBeUndefined();
  expect(pool.released).toBe(2);
});
