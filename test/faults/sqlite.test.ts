import { join } from "node:path";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { temporaryFolder } from "../suites/faults/temporary-folder.js";

const url = join(temporaryFolder(), "sessions.sqlite");
const backend = await createPlace("sqlite", url);

everyPlaceFault("SQLite", () => backend);
