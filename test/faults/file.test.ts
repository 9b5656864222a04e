import { join } from "node:path";
import { busyFault } from "../suites/faults/busy.js";
import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";
import { placeFolder } from "../suites/faults/place-folder.js";
import { sharedLogoutFault, sharedSumFault } from "../suites/faults/processes.js";
import { isNightly } from "../suites/faults/scale.js";
import { terminationFault } from "../suites/faults/terminate.js";

const folder = placeFolder();
let opened = 0;
/** A folder of its own: to find a session, all that is in one is read. */
const open = () => {
  opened += 1;
  return createPlace("file", join(folder, String(opened)));
};

// Each record is a folder, and each write waits for the disk.
everyPlaceFault("file", open, { share: isNightly ? 1 : 0.05 });
const shared = { name: "file", place: "file", url: join(folder, "shared") } as const;
sharedSumFault(shared);
sharedLogoutFault(shared);
terminationFault(shared);
busyFault("file", open);
