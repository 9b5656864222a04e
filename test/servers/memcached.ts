import { ask } from "./ask.js";
import { programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

/** A Memcached. Its url has no scheme: `127.0.0.1:PORT`, as its clients want it. */
export function startMemcached(): Promise<TestServer> {
  const asRoot = process.getuid?.() === 0 ? ["-u", "root"] : [];
  return startServer({
    name: "memcached",
    command: programOf("memcached"),
    args: (port) => ["-l", "127.0.0.1", "-p", String(port), "-U", "0", "-m", "64", ...asRoot],
    url: (port) => `127.0.0.1:${port}`,
    ask: (port) => ask(port, "version", "VERSION"),
  });
}
