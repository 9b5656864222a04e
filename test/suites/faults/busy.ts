import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { SessionBackend } from "../../../runtime/types/backend.js";
import { mustLoad, openOver, stored } from "../../runtime/fixture/open.js";
import type { TestServer } from "../../servers/test-server.js";
import { patience } from "./scale.js";

/** Longer than the default deadline, in milliseconds. */
const busy = 2500;

/** A place that answers at once, and a process that has no time to listen until the deadline has passed. */
export function busyFault(name: string, open: () => SessionBackend | Promise<SessionBackend>): void {
  const title = `${name} asked by a process that is busy for ${busy} ms: what was answered meanwhile is heard`;
  const run = async (): Promise<void> => {
    const backend = await open();
    onTestFinished(() => backend.close?.());
    const { sessions } = openOver(backend, { clock: Date.now });
    const [read, written] = [await stored(sessions, { score: 1 }), await stored(sessions, { score: 2 })];
    const session = await mustLoad(sessions, written);
    session.score = 3;
    const asked = Promise.all([mustLoad(sessions, read), session.save()]);
    // Until both were sent; then the process is busy at the place from which it goes on to its timers.
    await nextTurn();
    await nextTurn();
    const end = performance.now() + busy;
    while (performance.now() < end);
    expect((await asked)[0].score).toBe(1);
    expect((await mustLoad(sessions, written)).score).toBe(3);
  };
  test(title, run, patience);
}

/** The same of a server. */
export function busyServerFault(
  name: string,
  start: () => Promise<TestServer>,
  open: (url: string) => SessionBackend | Promise<SessionBackend>,
): void {
  busyFault(name, async () => {
    const server = await start();
    onTestFinished(() => server.stop());
    return open(server.url);
  });
}
