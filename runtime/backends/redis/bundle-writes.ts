import { setImmediate } from "node:timers";
import type { RedisClient } from "./client.js";

/**
 * Lets what is asked of Redis in one turn of the event loop leave by one system call: of all that a session costs a busy
 * server, sending is the most. The function given is called before each command. ioredis can do the like by
 * `enableAutoPipelining`, but spends on it what it saves. A Cluster sends each command by itself.
 */
export function createBundling(client: RedisClient): () => void {
  let held: RedisClient["stream"];
  return () => {
    const { stream } = client;
    if (stream === undefined || stream === held) return;
    held = stream;
    // Node's own, which no test's fake clock stands for: what is held must leave.
    setImmediate(() => {
      if (held === stream) held = undefined;
      stream.uncork();
    });
    stream.cork();
  };
}
