import { SessionError } from "../../platform/errors.js";
import { createBundling } from "./bundle-writes.js";
import type { CommandPart, RedisClient } from "./client.js";
import { pastPipelines } from "./past-pipelines.js";
import type { Script } from "./scripts.js";

/** The few things that are asked of Redis. What they throw is a `SessionError` without key, payload or password. */
export interface Commands {
  /** What the client puts before each key; only `SCAN` shows it. */
  readonly clientPrefix: string;
  /** What commands are written to now: one connection, or those of a cluster. */
  connections(): unknown;
  /** Whether one of them has been lost since; what was under way then is sent again on another one. */
  isLost(connections: unknown): boolean;
  /** The value, or `null`; what another program keeps there as a list or the like is none. */
  get(key: string): Promise<Buffer | null>;
  /** A part of the value, from byte to byte; empty when there is none. */
  part(key: string, from: number, to: number): Promise<Buffer>;
  run(script: Script, key: string, ...parts: CommandPart[]): Promise<unknown>;
  /** Members of a sorted set and their scores, in batches. */
  members(key: string): AsyncGenerator<readonly Member[]>;
  /** Keys that match, of all masters, in batches. One may come twice, and one that is moved between masters not at all. */
  keys(pattern: string): AsyncGenerator<readonly string[]>;
}

/** A member of a sorted set. */
export interface Member {
  readonly id: string;
  readonly score: number;
}

/** How many keys Redis looks at before it answers. */
const batchSize = 100;

/** The commands of a client. */
export function createCommands(client: RedisClient): Commands {
  const bundle = createBundling(client);
  const sender = pastPipelines(client);
  const run = (script: Script, key: string, parts: readonly CommandPart[]): Promise<unknown> =>
    guarded(
      () => {
        bundle();
        return sender.call("evalsha", script.sha, "1", key, ...parts);
      },
      (error) => {
        if (toWord(error) !== "NOSCRIPT") throw error;
        return sender.call("eval", script.source, "1", key, ...parts);
      },
    );
  const text = (command: string, ...parts: CommandPart[]): Promise<Buffer | null> =>
    guarded(
      () => {
        bundle();
        return sender.callBuffer(command, ...parts);
      },
      (error) => {
        if (toWord(error) !== "WRONGTYPE") throw error;
        return null;
      },
    ).then((answer) => (Buffer.isBuffer(answer) ? answer : null));
  const connections = (): unknown => client.nodes?.("master").map(({ stream }) => stream) ?? client.stream;
  return {
    clientPrefix: client.options.keyPrefix ?? "",
    connections,
    isLost: (before) => {
      const now = connections();
      return Array.isArray(before) && Array.isArray(now)
        ? before.some((connection) => !now.includes(connection))
        : before !== now;
    },
    get: (key) => text("get", key),
    part: async (key, from, to) => (await text("getrange", key, from, to)) ?? Buffer.alloc(0),
    run: (script, key, ...parts) => run(script, key, parts),
    members: async function* (key) {
      let cursor = "0";
      do {
        const answer = guarded(() => sender.call("zscan", key, cursor, "COUNT", batchSize));
        const [next, found] = toScanned(await answer);
        yield toMembers(found);
        cursor = next;
      } while (cursor !== "0");
    },
    keys: async function* (pattern) {
      const nodes = client.nodes?.("master") ?? [sender];
      let open = nodes.map((node) => ({ node, cursor: "0" }));
      while (open.length > 0) {
        const answers = await Promise.all(
          open.map(async ({ node, cursor }) => {
            const answer = guarded(() => node.call("scan", cursor, "MATCH", pattern, "COUNT", batchSize));
            const [next, found] = toScanned(await answer);
            return { node, cursor: next, found };
          }),
        );
        yield answers.flatMap(({ found }) => found);
        open = answers.filter(({ cursor }) => cursor !== "0");
      }
    },
  };
}

/** Of a list of ids, each followed by its score. */
export function toMembers(found: readonly unknown[]): readonly Member[] {
  const members: Member[] = [];
  for (let at = 0; at + 1 < found.length; at += 2) {
    members.push({ id: String(found[at]), score: Number(found[at + 1]) });
  }
  return members;
}

/** The code of a system error, or the first word of a Redis error, which is its code. */
export function toWord(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  const [word] = error.message.split(" ", 1);
  if (word !== undefined && /^[A-Z]{2,20}$/.test(word)) return word;
  return /^[A-Za-z]{1,40}$/.test(error.name) && error.name !== "Error" ? error.name : undefined;
}

/** A driver's error as ours. Its own message may hold a key or a password, and it carries the whole command. */
function toSessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const word = toWord(error);
  const told = word === undefined ? "" : `: ${word}`;
  const cause = new Error(`ioredis reported an error${told}`);
  return new SessionError("unavailable", `Redis could not be asked${told}.`, { cause });
}

/** Fails as a `SessionError`, unless `rescue` gives something else in the place of a failure. */
function guarded(
  work: () => Promise<unknown>,
  rescue: (error: unknown) => unknown = giveUp,
): Promise<unknown> {
  const failed = async (error: unknown): Promise<unknown> => {
    try {
      return await rescue(error);
    } catch (other) {
      throw toSessionError(other);
    }
  };
  try {
    return work().catch(failed);
  } catch (error) {
    return failed(error);
  }
}

function giveUp(error: unknown): never {
  throw error;
}

function toScanned(answer: unknown): readonly [cursor: string, found: readonly string[]] {
  const [cursor, found] = Array.isArray(answer) ? answer : [];
  return [String(cursor ?? 0), Array.isArray(found) ? found.map(String) : []];
}
