import { afterAll, describe } from "vitest";
import { isInstalled } from "../servers/installed.js";
import { startPostgres } from "../servers/postgres.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { everyServerFault } from "../suites/faults/every-server-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { sharedLogoutFault } from "../suites/faults/processes.js";
import { terminationFault } from "../suites/faults/terminate.js";

describe.skipIf(!isInstalled("postgres"))("PostgreSQL", async () => {
  const server = await startPostgres();
  const backend = await createPlace("postgres", server.url);
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("PostgreSQL", () => backend);
  const shared = { name: "PostgreSQL", place: "postgres", url: server.url } as const;
  sharedLogoutFault(shared);
  terminationFault(shared);
  everyServerFault({ name: "PostgreSQL", place: "postgres", start: () => startPostgres() });
});
