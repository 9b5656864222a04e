import { afterAll } from "vitest";
import { sharedServer } from "../../servers/shared-server.js";
import { serverSuite } from "./server-suite.js";
import { createDatabase, dropDatabase, openApp, type ServerUnderTest } from "./server-under-test.js";

const server: ServerUnderTest = { dialect: "mysql", url: await sharedServer("mysql") };
const admin = openApp(server);
const own = await createDatabase(server, admin);
afterAll(() => dropDatabase(own, admin));
serverSuite(own);
