import { afterAll, describe } from "vitest";
import { isInstalled } from "../servers/installed.js";
import { startPostgres } from "../servers/postgres.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { everyServerFault } from "../suites/faults/every-server-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { sharedLogoutFault } from "../suites/faults/processes.js";

describe.skipIf(!isInstalled("postgres"))("PostgreSQL", async () => {
  const server = await startPostgres();
  const backend = await createPlace("postgres", server.url);
  afterAll(async () => {
    await backend.close?.();
    await server.stop();
  });
  everyPlaceFault("PostgreSQL", () => backend);
  sharedLogoutFault({ name: "PostgreSQL", place: "postgres", url: server.url });
  everyServerFault({ name: "PostgreSQL", place: "postgres", start: () => startPostgres() });
});
