/**
 * An app whose every request adds one to the visits of its session: `serve-until-terminated.ts PLACE URL`. Says its
 * address; on SIGTERM it takes no more requests, ends those that it has, lets go of its store, and has nothing left.
 */
import { createServer } from "node:http";
import { nodeSession } from "@session-gen/runtime/node";
import { isPlaceName, openPlace } from "../faults/place.js";
import { openShop } from "../shop-kind.js";

const [place = "", url = ""] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const backend = openPlace(place, url);
const sessions = openShop(backend, { deadline: "20s" });

const server = createServer(
  nodeSession(sessions, (_request, response, session) => {
    session.visits += 1;
    // Else who keeps asking on one connection would keep the server.
    if (!server.listening) response.setHeader("Connection", "close");
    response.end(String(session.visits));
  }),
);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null)
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.once("SIGTERM", () => {
  server.close(async () => {
    await sessions.close();
    await backend.close?.();
  });
});
