import { everyPlaceFault } from "../suites/faults/every-fault.js";
import { createPlace } from "../suites/faults/place.js";

everyPlaceFault("memory", () => createPlace("memory", ""));
