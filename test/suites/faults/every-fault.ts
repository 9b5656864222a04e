import { crashFaults } from "./crashes.js";
import type { PlaceBackend } from "./place.js";
import { poisonFaults } from "./poison.js";
import { raceFaults } from "./races.js";
import { type SweepOptions, sweepFaults } from "./sweep.js";

/** The faults that need nothing but a backend: any place has to stand them. */
export function everyPlaceFault(
  name: string,
  make: () => PlaceBackend | Promise<PlaceBackend>,
  options: SweepOptions = {},
): void {
  raceFaults(name, make);
  crashFaults(name, make);
  poisonFaults(name, make);
  sweepFaults(name, make, options);
}
