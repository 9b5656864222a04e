/** What a command is made of. */
export type CommandPart = string | number | Buffer;

/** A connection to one server, as `ioredis` gives it, of version 5 or 6. */
export interface RedisNode {
  /** What commands are written to; none before it is connected, and none of a cluster. */
  readonly stream?: { cork(): void; uncork(): void } | undefined;
  call(command: string, ...parts: CommandPart[]): Promise<unknown>;
}

/** The app's own `Redis` or `Cluster` of `ioredis`, version 5 or 6. Its `keyPrefix` is respected. */
export interface RedisClient extends RedisNode {
  readonly options: {
    readonly keyPrefix?: string | undefined;
    readonly enableAutoPipelining?: boolean | undefined;
  };
  callBuffer(command: string, ...parts: CommandPart[]): Promise<unknown>;
  /** Asked for with `enableAutoPipelining` only. */
  pipeline?(): RedisPipeline;
  /** Only a cluster has nodes. */
  nodes?(role: "master"): readonly RedisNode[];
}

/** Commands that leave together. */
export interface RedisPipeline {
  call(command: string, ...parts: CommandPart[]): RedisPipeline;
  callBuffer(command: string, ...parts: CommandPart[]): RedisPipeline;
  exec(): Promise<readonly (readonly [error: Error | null, answer: unknown])[] | null>;
}

/** One that was opened here. */
export interface OwnClient extends RedisClient {
  readonly stream?:
    | (NonNullable<RedisNode["stream"]> & { setMaxListeners(most: number): unknown })
    | undefined;
  readonly status: string;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "connect", listener: () => void): unknown;
  once(event: "ready" | "end", listener: () => void): unknown;
  off(event: "ready" | "end", listener: () => void): unknown;
  disconnect(): void;
}
