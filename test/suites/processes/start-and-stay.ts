/** Starts a server that is paused with all its children, says its process id, and stays until it is killed: `start-and-stay.ts`. */
import { startPostgres } from "../../servers/postgres.js";

const server = await startPostgres();
server.pause();
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 60_000);
