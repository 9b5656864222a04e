import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { isNightly } from "../suites/faults/scale.js";
import { temporaryFolder } from "../suites/faults/temporary-folder.js";

const backend = await createPlace("file", temporaryFolder());

// Each record is a folder, and each write waits for the disk.
everyPlaceFault("file", () => backend, { share: isNightly ? 1 : 0.05 });
