import type { TestServer } from "../../servers/test-server.js";
import type { PlaceName } from "./place.js";

/** A kind of server that a test may do anything to, since it has one of its own. */
export interface ServerUnderFault {
  readonly name: string;
  readonly place: PlaceName;
  /** Durable: what it acknowledges is on its disk. */
  readonly start: () => Promise<TestServer>;
}
