/** Opens a backend, uses it and closes it: `hold-on.ts OPTIONS`, as JSON. Ends by itself when nothing is left open. */
import { createRedisBackend } from "../../../../runtime/backends/redis.js";

const backend = createRedisBackend(JSON.parse(process.argv[2] ?? ""));
process.stdout.write(String(await backend.load("x")));
await backend.close();
