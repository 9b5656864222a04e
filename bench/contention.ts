import { Agent, get } from "node:http";
import { startRedis } from "../test/servers/redis.js";
import { type Measured, startMeasured } from "./http/measure.js";
import type { ModeName } from "./http/server.js";
import { publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * How many increments of one session's counter are kept, of those that were answered with 200, when many clients send
 * them at once, through two server processes: the hot key of a client that sends its requests in parallel.
 */
const rounds = Number(process.argv[2] ?? 5);
const requests = Number(process.argv[3] ?? 2000);
const processes = 2;

const modes = [
  "ours on Redis",
  "@fastify/session on Redis",
  "Express with express-session on Redis",
] as const satisfies readonly ModeName[];

interface Outcome {
  readonly kept: number;
  readonly accepted: number;
  readonly seconds: number;
}

const redis = await startRedis();
const rows: ResultRow[] = [];
for (const clients of [8, 32]) {
  const outcomes = new Map(modes.map((mode): [ModeName, Outcome[]] => [mode, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of modes) outcomes.get(mode)?.push(await increment(mode, clients));
  }
  for (const [mode, list] of outcomes) rows.push(rowOf(mode, clients, list));
}
await redis.stop();
publish("contention", {
  title: "One session, many requests at once: increments kept",
  conditions: [
    `${requests.toLocaleString("en")} requests a round, each of which adds 1 to a counter of the same session and saves it before it is answered; from clients that each wait for an answer before their next, through ${processes} server processes over one Redis. A percentage is of the requests that were answered with 200, as the counter stands afterwards.`,
    'Ours: `merge: { visits: "sum" }`, in protobuf, under Fastify. The others write the session back whole, as they do everywhere; set up as above.',
  ],
  rows,
  charts: [
    {
      name: "contention",
      title:
        "Increments kept of one session's counter, Fastify where not Express, 32 clients: more is better",
      unit: "%",
      bars: rows
        .filter(({ against }) => against === "32 clients")
        .map(({ what, values }) => ({
          label: what,
          value: Number(median(values).toPrecision(3)),
          isOurs: what.startsWith("ours"),
        })),
    },
  ],
});

/** What one round of requests leaves of a session that starts with 17 visits. */
async function increment(mode: ModeName, clients: number): Promise<Outcome> {
  const servers: Measured[] = [];
  for (let index = 0; index < processes; index += 1) {
    servers.push(await startMeasured(mode, redis.url, 1));
  }
  const cookie = servers[0]?.cookies[0] ?? "";
  const agent = new Agent({ keepAlive: true });
  const ask = (index: number, path: string): Promise<Answer> =>
    answerOf(agent, servers[index % processes]?.port ?? 0, path, cookie);
  const before = (await ask(0, "/")).visits;
  let sent = 0;
  let accepted = 0;
  const start = performance.now();
  const client = async (index: number): Promise<void> => {
    for (; sent < requests; ) {
      sent += 1;
      if ((await ask(index, "/change")).status === 200) accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  const seconds = (performance.now() - start) / 1000;
  const kept = (await ask(0, "/")).visits - before;
  agent.destroy();
  for (const server of servers) server.process.kill();
  return { kept, accepted, seconds };
}

interface Answer {
  readonly status: number;
  readonly visits: number;
}

function answerOf(agent: Agent, port: number, path: string, cookie: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent, headers: { cookie } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("error", reject).on("end", () => {
        const status = response.statusCode ?? 0;
        resolve({ status, visits: status === 200 ? Number(JSON.parse(text).visits) : Number.NaN });
      });
    }).on("error", reject);
  });
}

function rowOf(mode: ModeName, clients: number, list: readonly Outcome[]): ResultRow {
  const refused = median(list.map(({ accepted }) => requests - accepted));
  const throughput = median(list.map(({ accepted, seconds }) => accepted / seconds)).toFixed(0);
  return {
    what: mode,
    against: `${clients} clients`,
    values: list.map(({ kept, accepted }) => (100 * kept) / accepted),
    unit: "%",
    digits: 1,
    ...(mode === "ours on Redis" && { atLeast: 100 }),
    note: `${throughput}/s; ${refused === 0 ? "all answered with 200" : `${refused} of ${requests} refused with 409`}`,
  };
}
