import { join } from "node:path";
import { createPlace } from "../suites/faults/place.js";
import { raceFaults } from "../suites/faults/races.js";
import { temporaryFolder } from "../suites/faults/temporary-folder.js";

const url = join(temporaryFolder(), "sessions.sqlite");
const backend = await createPlace("sqlite", url);

raceFaults("SQLite", () => backend);
