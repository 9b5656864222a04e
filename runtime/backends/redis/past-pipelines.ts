import type { CommandPart, RedisClient } from "./client.js";

/**
 * The client as it sends a command by its name. With `enableAutoPipelining` ioredis loses the name that `call` is given, and
 * sends the rest as a command: so each goes by a pipeline of its own there, which it does not look into.
 */
export function pastPipelines(client: RedisClient): Pick<RedisClient, "call" | "callBuffer"> {
  const { options, pipeline } = client;
  if (options.enableAutoPipelining !== true || pipeline === undefined) return client;
  const by =
    (method: "call" | "callBuffer") =>
    async (command: string, ...parts: CommandPart[]): Promise<unknown> => {
      const answers = await pipeline
        .call(client)
        [method](command, ...parts)
        .exec();
      const [error, answer] = answers?.[0] ?? [];
      if (error) throw error;
      return answer;
    };
  return { call: by("call"), callBuffer: by("callBuffer") };
}
