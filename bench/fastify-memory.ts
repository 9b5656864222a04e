import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Listening } from "./fastify-server.js";
import { sendLoad } from "./load.js";

/** The processor time that a read session costs a Fastify handler on memory: paired runs, in turn. */
const rounds = 9;
const rate = 8000;
const requests = 8000;

interface Server extends Listening {
  readonly process: ChildProcess;
}

const plain = await start("plain");
const withSessions = await start("sessions");
const { cookies } = withSessions;

await measure(plain);
await measure(withSessions);
const ratios: number[] = [];
console.log(
  `Node ${process.version}, ${cpus().length} cores; ${rounds} pairs of ${requests} requests at ${rate} a second`,
);
for (let round = 0; round < rounds; round += 1) {
  const isOdd = round % 2 === 1;
  const first = await measure(isOdd ? withSessions : plain);
  const second = await measure(isOdd ? plain : withSessions);
  const [bare, ours] = isOdd ? [second, first] : [first, second];
  ratios.push(ours / bare);
  console.log(
    `${bare.toFixed(1)} µs a request without sessions, ${ours.toFixed(1)} µs with: ${(ours / bare).toFixed(2)}`,
  );
}
ratios.sort((a, b) => a - b);
console.log(
  `ratio: median ${ratios[rounds >> 1]?.toFixed(2)}, ${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)}`,
);
plain.process.kill();
withSessions.process.kill();

async function start(mode: string): Promise<Server> {
  const server = fork(fileURLToPath(new URL("./fastify-server.ts", import.meta.url)), [mode], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [listening]: [Listening] = (await once(server, "message")) as [Listening];
  return { ...listening, process: server };
}

/** Microseconds of user and system time a request. */
async function measure(server: Server): Promise<number> {
  const before = await usage(server);
  await sendLoad({ port: server.port, cookies, connections: 32, rate, requests });
  return ((await usage(server)) - before) / requests;
}

async function usage(server: Server): Promise<number> {
  server.process.send("usage");
  const [{ user, system }] = (await once(server.process, "message")) as [NodeJS.CpuUsage];
  return user + system;
}
