import { setTimeout as pause } from "node:timers/promises";
import { nodeSession } from "@session-gen/runtime/node";
import { expect, onTestFinished, test } from "vitest";
import type { BackendAbilities, SessionBackend } from "../../../runtime/types/backend.js";
import { mustLoad, type Opened, openOver, stored } from "../../runtime/fixture/open.js";
import type { TestServer } from "../../servers/test-server.js";
import { type Listening, listen } from "../listen.js";
import { usedBytes } from "./heap.js";
import { type Load, type Sample, startLoad } from "./load.js";
import { patience, scale } from "./scale.js";
import type { ServerUnderFault } from "./server-under-fault.js";

/** Of the sessions of an app under this fault, in seconds. */
export const deadlineSeconds = 1;
const deadline = 1000 * deadlineSeconds;
export const clients = 20;
const recovery = 2000;

/** An app whose sessions need a server. */
export interface FrozenApp {
  readonly name: string;
  readonly server: TestServer;
  readonly app: Listening;
  /** Of the session of each client. */
  readonly keys: readonly string[];
}

/** A server, and a backend on it, which need not be able to find anything. */
export interface FrozenServer extends Pick<ServerUnderFault, "name" | "start"> {
  readonly open: (url: string) => SessionBackend | Promise<SessionBackend>;
}

/** A server that stands still under load, as one does whose disk hangs: no answer, no error, and then all goes on. */
export function freezeFaults({ name, start, open }: FrozenServer): void {
  freezeTest(name, async () => {
    const server = await start();
    onTestFinished(() => server.stop());
    const backend = await open(server.url);
    onTestFinished(() => backend.close?.());
    const { sessions } = openOver(backend, { clock: Date.now, deadline: deadlineSeconds });
    const keys = await Promise.all(Array.from({ length: clients }, () => stored(sessions, { score: 0 })));
    const app = await listenToCount(sessions);
    const samples = await freezeUnderLoad({ name, server, app, keys });
    await assertCounted(sessions, keys, samples);
  });
}

/** Registers a test of what befalls an app while its server stands still. */
export function freezeTest(name: string, run: () => Promise<unknown>): void {
  const title = `${name} frozen for ${scale.freezeMilliseconds} ms: 503 within the deadline, then all goes on by itself`;
  test(title, run, patience);
}

/** Stops the server for a while in which its app is in use, and judges the answers. */
export async function freezeUnderLoad({ name, server, app, keys }: FrozenApp): Promise<readonly Sample[]> {
  const load = startLoad(app.url, keys);
  await pause(1000);
  const before = usedBytes();
  const frozenAt = performance.now();
  server.pause();
  await pause(scale.freezeMilliseconds);
  const during = usedBytes();
  server.resume();
  const resumedAt = performance.now();
  await pause(recovery + 500);
  await load.stop();
  const after = usedBytes();
  await app.close();
  assertAnswers(load, frozenAt, resumedAt);
  expect([during - before, after - before].map(toWholeMegabytes)).toEqual([0, 0]);
  console.info(describeLoad(name, load, frozenAt, resumedAt));
  return load.samples;
}

type FaultSessions = Opened<BackendAbilities>["sessions"];

/** Each request adds one to the session's score, and says the sum. */
function listenToCount(sessions: FaultSessions) {
  return listen(
    nodeSession(sessions, (_request, response, session) => {
      session.score = (session.score ?? 0) + 1;
      response.end(String(session.score));
    }),
  );
}

function assertAnswers(load: Load, frozenAt: number, resumedAt: number): void {
  const { samples } = load;
  // The app and the clients share a process, which on a busy machine has to wait for its turn, twice a request.
  const allowed = deadline + 100 + 2 * load.longestLag();
  const asked = samples.filter(({ start, end }) => end > frozenAt && start < resumedAt - deadline);
  expect(asked.filter(({ start, end }) => end - Math.max(start, frozenAt) > allowed)).toEqual([]);
  expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([200, 503]));
  const frozen = samples.filter(({ start, end }) => start > frozenAt + 50 && end < resumedAt);
  expect([frozen.length >= clients, frozen.every(({ status }) => status === 503)]).toEqual([true, true]);
  const late = samples.filter(({ start }) => start > resumedAt + recovery);
  expect(late.filter(({ status }) => status !== 200)).toEqual([]);
  for (let client = 0; client < clients; client += 1) {
    expect(recoveryOf(client, samples, resumedAt)).toBeLessThan(recovery);
  }
}

/** How long after its return the server first served a client, in milliseconds. */
function recoveryOf(client: number, samples: readonly Sample[], resumedAt: number): number {
  const first = samples.find((one) => one.client === client && one.end > resumedAt && one.status === 200);
  return (first?.end ?? Number.POSITIVE_INFINITY) - resumedAt;
}

/** What was said to be done is done, once; of what was not, each may have been done, once. */
async function assertCounted(
  sessions: FaultSessions,
  keys: readonly string[],
  samples: readonly Sample[],
): Promise<void> {
  for (const [client, key] of keys.entries()) {
    const own = samples.filter((sample) => sample.client === client);
    const done = own.filter(({ status }) => status === 200).length;
    const score = (await mustLoad(sessions, key)).score ?? 0;
    expect(score).toBeGreaterThanOrEqual(done);
    expect(score).toBeLessThanOrEqual(own.length);
  }
}

/** In steps of 16 MB, below which a heap moves by itself. */
function toWholeMegabytes(bytes: number): number {
  return Math.max(0, Math.floor(bytes / (16 * 1024 * 1024)));
}

function describeLoad(name: string, load: Load, frozenAt: number, resumedAt: number): string {
  const { samples } = load;
  const asked = samples.filter(({ start, end }) => end > frozenAt && start < resumedAt - deadline);
  const longest = Math.max(...asked.map(({ start, end }) => end - Math.max(start, frozenAt)));
  const recovered = Math.max(
    ...[...new Array(clients).keys()].map((client) => recoveryOf(client, samples, resumedAt)),
  );
  const lag = load.longestLag();
  return `${name}: ${samples.length} requests, longest ${longest.toFixed(0)} ms (this process stood still for up to ${lag.toFixed(0)} ms), all served ${recovered.toFixed(0)} ms after the return`;
}
