import { busyServerFault } from "./busy.js";
import { freezeFaults } from "./freeze.js";
import { idleFaults } from "./idle.js";
import { killServerFaults } from "./kill-server.js";
import { lostAnswerFaults } from "./lost-answers.js";
import { createPlace } from "./place.js";
import type { ServerUnderFault } from "./server-under-fault.js";

/** What may befall a server, and the way to it. */
export function everyServerFault(server: ServerUnderFault): void {
  freezeFaults({ ...server, open: (url) => createPlace(server.place, url) });
  killServerFaults(server);
  lostAnswerFaults(server);
  idleFaults(server);
  busyServerFault(server.name, server.start, (url) => createPlace(server.place, url));
}
