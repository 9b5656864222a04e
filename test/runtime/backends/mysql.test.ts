import { inspect } from "node:util";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./server-suite.js";
import {
  createDatabase,
  dropDatabase,
  openApp,
  openBackend,
  type ServerUnderTest,
} from "./server-under-test.js";

const server: ServerUnderTest = { dialect: "mysql", url: await sharedServer("mysql") };
const admin = openApp(server);
const own = await createDatabase(server, admin);
afterAll(() => dropDatabase(own, admin));
serverSuite(own);

test.each(["mysql://me:%hunter2@host/db", "mysql://me@host/db?ssl=hunter2"])(
  "%s is refused without being repeated",
  async (url) => {
    const error: unknown = await openBackend({ dialect: "mysql", url })
      .load("one")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "config" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  },
);

test("a session that the server has no room for fails alone: the connection that it ends is nobody else's", async () => {
  const { rows } = await sql<{ most: unknown }>`select @@max_allowed_packet as most`.execute(admin);
  const backend = openBackend(own);
  await backend.createTable();
  const data = new Uint8Array(Number(rows[0]?.most) + 1);
  const record = { id: "large", tenant: null, header: "1;cbor;-;-;0", data, indexed: {} };
  const times = { revision: 1, writeId: "w", createdAt: 0, expiresAt: 1000 };
  await expect(backend.create({ ...record, ...times })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("ER_NET_PACKET_TOO_LARGE"),
  });
  expect(await backend.exists("large")).toBe(false);
});
