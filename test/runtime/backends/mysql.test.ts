import { inspect } from "node:util";
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
