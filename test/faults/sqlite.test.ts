import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "vitest";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { killAppFaults } from "../suites/faults/kill-app.js";
import { createPlace } from "../suites/faults/place.js";
import { placeFolder } from "../suites/faults/place-folder.js";
import { sharedLogoutFault, sharedSumFault } from "../suites/faults/processes.js";
import { terminationFault } from "../suites/faults/terminate.js";

const folder = placeFolder();
const url = join(folder, "sessions.sqlite");
const backend = await createPlace("sqlite", url);

everyPlaceFault("SQLite", () => backend);
const shared = { name: "SQLite", place: "sqlite", url: join(folder, "shared.sqlite") } as const;
sharedSumFault(shared);
sharedLogoutFault(shared);
terminationFault(shared);
killAppFaults({
  name: "SQLite",
  place: "sqlite",
  path: "killed.sqlite",
  inspect: (url) => {
    const database = new Database(url);
    expect(database.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
    database.close();
  },
});
