import Keyv from "keyv";
import { createCacheBackend } from "../../runtime/backends/cache.js";
import type { SessionBackend } from "../../runtime/index.js";
import type { PlaceBackend } from "../suites/faults/place.js";
import { openStateful, type StatefulPlace, statefulPlaces } from "../suites/stateful-places.js";
import type { Composition } from "./compositions.js";

/** A place that can do everything, new and empty, until the end of the test file. */
export function openComposedPlace(name: StatefulPlace, { encryption }: Composition): Promise<PlaceBackend> {
  return openStateful(statefulPlaces[name], { isEncrypted: encryption === "encrypted" });
}

/** A place that keeps records and can do nothing more. */
export function openPlainPlace(): SessionBackend {
  return createCacheBackend({ cache: new Keyv() });
}
