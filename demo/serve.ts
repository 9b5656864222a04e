import { createServer, type RequestListener } from "node:http";
import { type SessionCleanup, SessionError } from "@session-gen/runtime";
import { createSessions, type Sessions } from "../generated/index.js";

/** A program that people visit. */
export interface Front {
  /** What it says of itself when it is open: `The shop`. */
  readonly name: string;
  /** Unless the environment says `PORT`. */
  readonly port: number;
  readonly create: (sessions: Sessions) => RequestListener;
}

/** Opens a front over the sessions of the schema, until the process is asked to end. Ends it, with a line, when that fails. */
export async function serveFront({ name, port, create }: Front): Promise<void> {
  const sessions = createSessions();
  await openStore(sessions);
  // Redis would forget expired sessions by itself, files and tables would not; a cache and a cookie have nothing to clean.
  const stopCleanup = cleansUp(sessions) ? sessions.startCleanup({ every: "1h" }) : () => {};
  const host = process.env["HOST"] ?? "localhost";
  const server = createServer(create(sessions));
  server.once("error", giveUp);
  server.listen(Number(process.env["PORT"] ?? port), host, () => {
    const address = server.address();
    console.log(`${name} is open: http://${host}:${typeof address === "object" ? address?.port : port}`);
  });

  const stop = (): void => {
    stopCleanup();
    // Whoever keeps asking on one connection would otherwise keep it open.
    server.prependListener("request", (_request, response) => void response.setHeader("Connection", "close"));
    server.close(() => void sessions.close());
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

/** A machine that is busy may take longer than a deadline to load the driver, which goes on loading meanwhile. */
async function openStore(sessions: Sessions): Promise<void> {
  for (let deadlines = 1; ; deadlines += 1) {
    try {
      return await sessions.ready();
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      if (error.code !== "timeout" || deadlines === 10) giveUp(error);
    }
  }
}

function cleansUp(opened: object): opened is SessionCleanup {
  return "startCleanup" in opened;
}

function giveUp(error: Error): never {
  console.error(error.message);
  process.exit(1);
}
