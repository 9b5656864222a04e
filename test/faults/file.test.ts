import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { sharedLogoutFault, sharedSumFault } from "../suites/faults/processes.js";
import { isNightly } from "../suites/faults/scale.js";
import { temporaryFolder } from "../suites/faults/temporary-folder.js";

const folder = temporaryFolder();
const backend = await createPlace("file", folder);

// Each record is a folder, and each write waits for the disk.
everyPlaceFault("file", () => backend, { share: isNightly ? 1 : 0.05 });
const shared = { name: "file", place: "file", url: `${folder}/shared` } as const;
sharedSumFault(shared);
sharedLogoutFault(shared);
