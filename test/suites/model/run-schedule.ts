import { surround } from "../../../runtime/backends/layer.js";
import { fakeClock } from "../../../runtime/testing/clock.js";
import { Actor, type World } from "./actor.js";
import { assertOutcome } from "./assert-outcome.js";
import type { Command, Schedule } from "./commands.js";
import { createHistory } from "./history.js";
import { type ModelBackend, openModel } from "./model-kind.js";
import { Turns } from "./turns.js";

let users = 0;

/** Plays a schedule on a backend, which other schedules may have used. Throws when a promise was broken. */
export async function runSchedule(backend: ModelBackend, { actors, order }: Schedule): Promise<void> {
  // Near the present: a server forgets by its own clock.
  const clock = fakeClock(Date.now());
  users += 1;
  const userId = users;
  const sessions = openModel(backend, clock);
  const first = sessions.create({ userId });
  const key = await first.ensureKey();
  const world: World = {
    turns: new Turns(order),
    history: createHistory(key),
    userId,
    key,
    isKeyLate: false,
    busy: 0,
    advance: (seconds) => clock.advance(seconds),
    waits: 3,
  };
  await world.turns.run(
    actors.map((commands, name) => (leave: () => void) => {
      start({ world, name, commands, leave, backend, clock });
    }),
  );
  await assertOutcome(world, sessions);
}

interface Start {
  readonly world: World;
  readonly name: number;
  readonly commands: readonly Command[];
  readonly leave: () => void;
  readonly backend: ModelBackend;
  readonly clock: () => number;
}

/** An actor has a process of its own: its sessions end with it when it crashes. */
function start({ world, name, commands, leave, backend, clock }: Start): void {
  let doing = "";
  let crash: { calls: number; readonly isDone: boolean } | undefined;
  const own = surround(backend, async (_method, call, options) => {
    await world.turns.wait();
    if (crash === undefined || crash.calls > 0) {
      if (crash !== undefined) crash.calls -= 1;
      const answer = call(options);
      // Sent and heard are two turns, between which others are served: a backend of several steps must stand that.
      answer.catch(() => {});
      await world.turns.wait();
      return answer;
    }
    if (crash.isDone) await call(options);
    world.history.crashedIn.push(doing);
    world.busy -= 1;
    leave();
    return new Promise(() => {});
  });
  const actor = new Actor(world, name, openModel(own, clock));
  const run = async (): Promise<void> => {
    for (const command of commands) {
      doing = command.do;
      if (command.do === "crash") crash = { calls: command.after, isDone: command.isDone };
      else await actor.perform(command.do);
    }
  };
  run().then(leave, (error: unknown) => {
    world.history.faults.push(`actor ${name} failed: ${String(error)}`);
    leave();
  });
}
