import { createPlace } from "../suites/faults/place.js";
import { raceFaults } from "../suites/faults/races.js";

raceFaults("memory", () => createPlace("memory", ""));
