import type { RequestListener } from "node:http";
import type { Redis } from "ioredis";

/** What a server under measurement works with. */
export interface Ground {
  /** Of the server that keeps the sessions, which the whole bench has to itself. */
  readonly url: string;
  /** A client of it, where it is a Redis. */
  readonly redis: Redis;
  /** How many sessions there are. */
  readonly count: number;
}

/** An app that reads a session at `/`, and adds one to its visits at `/change`. */
export interface App {
  readonly listener: RequestListener;
  /** A `Cookie` header for each session. */
  readonly cookies: readonly string[];
}

/** One way to build that app. */
export type Mode = (ground: Ground) => Promise<App>;

/** The session of a number: the example of twelve fields, as JSON has it. */
export type Example = Readonly<Record<string, unknown>> & { readonly visits: number };
