import { toTable } from "./markdown-table.js";
import type { PartName } from "./parts.js";
import { median } from "./statistics.js";

/** A row of the results that the README tells too. */
interface Headline {
  readonly part: PartName;
  /** The heading of its table in `bench/RESULTS.md`; none where its part has one table. */
  readonly group?: string;
  readonly what: string;
  readonly against: string;
  /** What was done, and beside what, as a reader says it who knows no other page. */
  readonly told: readonly [what: string, beside: string];
}

/** A row as it is kept. */
interface KeptRow extends Pick<Headline, "what" | "against"> {
  readonly group: string;
  readonly values: readonly number[];
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

const redisRead = "A request that reads its session from Redis, under Fastify";
const redisChange = "A request that changes its session in Redis, under Fastify";
const cookieRead = "A request that reads its session in an encrypted cookie";
const cookieChange = "A request that changes its session in an encrypted cookie";
const memoryRead = "A request that reads its session from memory, under Fastify";

const headlines: readonly Headline[] = [
  ...http(redisRead, "ours on Redis", [
    ["raw GET", "`GET` by hand, no session"],
    ["@fastify/session on Redis", "@fastify/session"],
  ]),
  ...http(redisChange, "ours on Redis", [
    ["raw GET, SET EX", "`GET` and `SET` by hand, no session"],
    ["@fastify/session on Redis", "@fastify/session"],
  ]),
  {
    ...{ part: "http", group: "A request that reads its session from Redis, under Express" },
    what: "Express with ours on Redis, above Express alone, in dictionary mode",
    against:
      "Express with express-session on Redis, in dictionary mode, above Express alone, in dictionary mode",
    told: ["What a session that is read from Redis adds to a request, under Express", "express-session"],
  },
  ...http(memoryRead, "ours in memory", [["handler without sessions", "no session"]]),
  ...cookie(cookieRead),
  ...cookie(cookieChange),
  database("load", "by hand, PostgreSQL", "`pg` by hand"),
  database("load", "connect-pg-simple", "connect-pg-simple"),
  database("save", "by hand, PostgreSQL", "`pg` by hand"),
  database("save", "connect-pg-simple", "connect-pg-simple"),
  codec("Encoding", "`JSON.stringify` into a Buffer", "Writing a session as bytes, checked"),
  codec("Decoding", "`JSON.parse`", "Reading one, checked"),
  {
    ...{ part: "bytes", what: "ours, Redis", against: "connect-redis" },
    told: ["Bytes of a session in Redis", "connect-redis"],
  },
  {
    ...{ part: "bytes", what: "ours, memory", against: "MemoryStore" },
    told: ["Bytes of a session in memory", "express-session's MemoryStore"],
  },
  {
    ...{
      part: "install",
      what: "bytes of a production install",
      against: "express-session, connect-redis, redis",
    },
    told: ["Bytes of a production install with Redis", "express-session, connect-redis, redis"],
  },
];

/**
 * The table of the README: what ours takes as a part of what the other takes, so that less is better in each row, beside
 * the goal. Throws when a row was not measured.
 */
export function toHeadlineTable(rowsOf: (part: PartName) => readonly KeptRow[]): string {
  const lines = headlines.map((headline) => {
    const { part, group = "", what, against, told } = headline;
    const row = rowsOf(part).find(
      (kept) => kept.group === group && kept.what === what && kept.against === against,
    );
    if (row === undefined) throw new Error(`There is no result for: ${told.join(", beside ")}.`);
    return [...told, ...toFigures(row)];
  });
  return toTable([["what", "beside", "ours takes", "goal"], ...lines]);
}

function toFigures({ values, atLeast, atMost }: KeptRow): readonly string[] {
  const isTurned = atLeast !== undefined;
  const share = (value: number): string => (isTurned ? 1 / value : value).toFixed(2);
  const middle = median(values);
  const isMissed = isTurned ? middle < atLeast : middle > (atMost ?? Infinity);
  const goal = atLeast ?? atMost;
  return [
    `${share(middle)}${isMissed ? " (missed)" : ""}`,
    goal === undefined ? "" : `at most ${share(goal)}`,
  ];
}

function http(
  group: string,
  what: string,
  rivals: readonly (readonly [against: string, told: string])[],
): readonly Headline[] {
  return rivals.map(([against, told]) => ({ part: "http", group, what, against, told: [group, told] }));
}

function cookie(group: string): readonly Headline[] {
  const rivals = ["AES-GCM by hand", "@fastify/secure-session", "iron-session"];
  return rivals.map((against) => ({
    ...{ part: "cookie", group, what: "ours in a cookie", against },
    told: [`${group}, under Fastify`, against],
  }));
}

function database(call: "load" | "save", against: string, told: string): Headline {
  const [group, what] =
    call === "load"
      ? ["A load", "A session loaded from PostgreSQL"]
      : ["A save of one changed field", "A session changed and saved in PostgreSQL"];
  return { part: "database", group, what: "ours, PostgreSQL", against, told: [what, told] };
}

function codec(group: string, against: string, told: string): Headline {
  return { part: "codecs", group, what: "ours, protobuf", against, told: [told, against] };
}
