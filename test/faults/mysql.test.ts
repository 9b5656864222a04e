import { afterAll, describe } from "vitest";
import { isInstalled } from "../servers/installed.js";
import { startMariadb } from "../servers/mariadb.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { everyServerFault } from "../suites/faults/every-server-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { sharedLogoutFault } from "../suites/faults/processes.js";
import { terminationFault } from "../suites/faults/terminate.js";

describe.skipIf(!isInstalled("mysql"))("MariaDB", async () => {
  const server = await startMariadb();
  const backend = await createPlace("mysql", server.url);
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("MariaDB", () => backend);
  const shared = { name: "MariaDB", place: "mysql", url: server.url } as const;
  sharedLogoutFault(shared);
  terminationFault(shared);
  everyServerFault({ name: "MariaDB", place: "mysql", start: () => startMariadb() });
});
