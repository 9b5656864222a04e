import { afterAll, describe, expect, test } from "vitest";
import type { Session } from "../../../bench/example/generated/index.js";
import { openExample } from "../../../bench/http/example.js";
import { createDatabaseBackend, type DatabaseBackend } from "../../../runtime/backends/database.js";
import { createRedisBackend, type RedisBackend } from "../../../runtime/backends/redis.js";
import type { SessionBackend } from "../../../runtime/types/backend.js";
import { sharedServer } from "../../servers/shared-server.js";
import { startTcpProxy } from "../../servers/tcp-proxy.js";

/** How often each of these waits for the server: whoever adds a round trip finds it here. */
const expected = {
  "a request without a cookie": 0,
  "a cookie that is no key": 0,
  "a request that only reads": 1,
  "a request that changes a field": 2,
  "a request that begins a session": 1,
  load: 1,
  exists: 1,
  "save of a change": 1,
  "save of nothing": 1,
  "save after somebody else's": 3,
  touch: 1,
  // What ends is marked before it is deleted.
  destroy: 2,
};

/** A database that has changed no row is asked whether this very write is there already. */
const expectedOfDatabase: Trips = { ...expected, "save after somebody else's": 4 };

type Trips = Readonly<Record<keyof typeof expected, number>>;

interface Place {
  readonly name: "redis" | "postgres" | "mysql";
  readonly expected: Trips;
  readonly open: (url: string, name: string) => RedisBackend | DatabaseBackend;
}

const places: readonly Place[] = [
  { name: "redis", expected, open: (url, prefix) => createRedisBackend({ url, prefix }) },
  {
    name: "postgres",
    expected: expectedOfDatabase,
    open: (url, table) => createDatabaseBackend({ dialect: "postgres", url, table }),
  },
  {
    name: "mysql",
    expected: expectedOfDatabase,
    open: (url, table) => createDatabaseBackend({ dialect: "mysql", url, table }),
  },
];

for (const { name, open, expected: trips } of places) {
  describe(`on ${name}`, async () => {
    const url = await sharedServer(name);
    const proxy = await startTcpProxy(Number(new URL(url).port));
    const backend = open(proxy.urlOf(url), `trips_${crypto.randomUUID().replaceAll("-", "")}`);
    afterAll(async () => {
      await backend.close();
      await proxy.close();
    });

    test("a request waits as often as it did", async () => {
      if ("createTable" in backend) await backend.createTable();
      let count = 0;
      // Each answer is awaited before the next request, so that one piece of what is sent is one round trip.
      proxy.treat(() => {
        count += 1;
        return "pass";
      });
      // At first connections open, Redis is sent its scripts and MySQL prepares each statement on each connection.
      await expect.poll(() => tripsOn(backend, () => count), { interval: 0, timeout: 20_000 }).toEqual(trips);
    }, 30_000);
  });
}

async function tripsOn(backend: SessionBackend, count: () => number): Promise<Trips> {
  const { sessions, cookies } = await openExample(backend, { count: 4 });
  const [cookie = "", ...others] = cookies;
  const [key = "", second = "", third = ""] = others.map((each) => each.slice(each.indexOf("=") + 1));
  const trips = async (work: () => Promise<unknown>): Promise<number> => {
    const before = count();
    await work();
    return count() - before;
  };
  const addOne = (session: Session): void => {
    session.visits += 1;
  };
  const request = (header: string | undefined, use: (session: Session) => void): Promise<number> =>
    trips(async () => {
      const session = await sessions.fromCookie(header);
      use(session);
      await sessions.commit(session);
    });
  const [changed, late, ended] = [
    await sessions.open(second),
    await sessions.open(second),
    await sessions.open(third),
  ];
  addOne(changed);
  addOne(late);
  return {
    "a request without a cookie": await request(undefined, () => {}),
    "a cookie that is no key": await request("__Host-session=nothing", () => {}),
    "a request that only reads": await request(cookie, (session) => void session.visits),
    "a request that changes a field": await request(cookie, addOne),
    "a request that begins a session": await request(undefined, addOne),
    load: await trips(() => sessions.load(key)),
    exists: await trips(() => sessions.exists(key)),
    "save of a change": await trips(() => changed.save()),
    "save of nothing": await trips(() => changed.save()),
    "save after somebody else's": await trips(() => late.save()),
    touch: await trips(() => late.touch()),
    destroy: await trips(() => ended.destroy()),
  };
}
