import type { SessionBackend } from "../../../runtime/types/backend.js";
import { crashFaults } from "./crashes.js";
import type { PlaceBackend } from "./place.js";
import { plainPoisonFaults, poisonFaults } from "./poison.js";
import { plainRaceFaults, raceFaults } from "./races.js";
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

/** Those of them that a place has to stand in which nothing can be found, as in a cache. */
export function everyPlainFault(name: string, make: () => SessionBackend): void {
  plainRaceFaults(name, make);
  crashFaults(name, make);
  plainPoisonFaults(name, make);
}
