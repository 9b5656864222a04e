import type { RedisClient } from "../../../../runtime/backends/redis.js";

/** The commands that went through a client, by round trip: those sent before the answers of the earlier ones came are one. */
export interface CountingClient extends RedisClient {
  readonly trips: string[][];
  /** Runs before a command is sent; for what happens in between. */
  before: (command: string, key: string) => Promise<void> | void;
}

export function countingClient(client: RedisClient): CountingClient {
  const trips: string[][] = [];
  let pending = 0;
  const counted = async <T>(parts: readonly unknown[], send: () => Promise<T>): Promise<T> => {
    const [command, , , key] = parts.map(String);
    if (pending === 0) trips.push([]);
    trips.at(-1)?.push(command ?? "");
    pending += 1;
    try {
      await counting.before(command ?? "", key ?? "");
      return await send();
    } finally {
      pending -= 1;
    }
  };
  const counting: CountingClient = {
    trips,
    before: () => {},
    options: client.options,
    call: (...parts) => counted(parts, () => client.call(...parts)),
    callBuffer: (...parts) => counted(parts, () => client.callBuffer(...parts)),
  };
  return counting;
}
