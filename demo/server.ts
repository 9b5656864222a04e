import { type SessionCleanup, SessionError } from "@session-gen/runtime";
import { createSessions } from "../generated/index.js";
import { createShop } from "./app.js";

const port = Number(process.env["PORT"] ?? 3000);
const host = process.env["HOST"] ?? "localhost";

const sessions = createSessions();

try {
  await sessions.ready();
} catch (error) {
  if (!(error instanceof SessionError)) throw error;
  giveUp(error);
}

// Redis would forget expired sessions by itself, files and tables would not; a cache and a cookie have nothing to clean.
const stopCleanup = cleansUp(sessions) ? sessions.startCleanup({ every: "1h" }) : () => {};

const server = createShop(sessions).listen(port, host, (error) => {
  if (error) giveUp(error);
  const address = server.address();
  const actualPort = typeof address === "object" ? (address?.port ?? port) : port;
  console.log(`The shop is open: http://${host}:${actualPort}`);
});

const stop = (): void => {
  stopCleanup();
  // Whoever keeps asking on one connection would otherwise keep the shop open.
  server.prependListener("request", (_request, response) => void response.setHeader("Connection", "close"));
  server.close(() => void sessions.close());
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);

function cleansUp(opened: object): opened is SessionCleanup {
  return "startCleanup" in opened;
}

function giveUp(error: Error): never {
  console.error(error.message);
  process.exit(1);
}
