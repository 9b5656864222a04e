import type { RedisClient } from "./client.js";

/**
 * Lets what is asked of Redis in one turn of the event loop leave by one system call: of all that a session costs a busy
 * server, sending is the most. The function given is called before each command. ioredis can do the like by
 * `enableAutoPipelining`, but spends on it what it saves. A Cluster sends each command by itself.
 */
export function createBundling(client: RedisClient): () => void {
  let held: RedisClient["stream"];
  const release = (): void => {
    held?.uncork();
    held = undefined;
  };
  return () => {
    if (held !== undefined || client.stream === undefined) return;
    held = client.stream;
    held.cork();
    setImmediate(release);
  };
}
