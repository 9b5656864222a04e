import { vi } from "vitest";
import { createMemoryBackend } from "../../../../runtime/backends/memory.js";
import {
  createReplicatedBackend,
  type ReplicatedBackend,
  type ReplicatedBackendOptions,
} from "../../../../runtime/backends/replicated.js";
import type { SessionBackend } from "../../../../runtime/types/backend.js";

export type SideName = "primary" | "secondary";

/** What may go wrong besides calls that are slow: sides that are down or lose requests and answers, processes that die. */
export interface Faults {
  readonly failing: readonly SideName[];
  readonly crashes: boolean;
  /** Once, the primary is restored from what it had at the beginning, without a failed call. */
  readonly isSetBack?: boolean;
}

export interface WorldOptions {
  readonly mode: NonNullable<ReplicatedBackendOptions<object>["mode"]>;
  readonly failover: NonNullable<ReplicatedBackendOptions<object>["failover"]>;
  readonly faults: Faults;
  /** As `Math.random`; decides everything. */
  readonly random: () => number;
}

/** One process over both sides. Once dead, none of its calls returns; those on their way may still arrive. */
export interface Process {
  readonly backend: ReplicatedBackend<object>;
  isDead: boolean;
}

/** Two sides in memory, and processes each of whose calls arrives, and returns, when the world lets it. */
export class FlakyWorld {
  readonly sides = { primary: createMemoryBackend(), secondary: createMemoryBackend() };
  readonly processes: Process[];
  readonly #options: WorldOptions;
  readonly #started: Process[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #down = new Set<SideName>();
  #isCalm = true;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.processes = [this.#start(), this.#start(), this.#start()];
  }

  /** One thing happens: mostly a call arrives or returns, else time passes. */
  async step(): Promise<void> {
    this.#isCalm = false;
    const { random } = this.#options;
    const at = Math.floor(random() * this.#waiting.length);
    const [go] = random() < 0.97 ? this.#waiting.splice(at, 1) : [];
    if (go === undefined) await vi.advanceTimersByTimeAsync(random() * 400);
    else go();
    await untilQuiet();
  }

  /** Something breaks, or is repaired, if anything may. */
  strike(): void {
    const { random, faults } = this.#options;
    for (const name of faults.failing) {
      if (random() < 0.5) continue;
      if (this.#down.has(name) || random() < 0.5) this.#down.delete(name);
      else this.#down.add(name);
    }
    const at = Math.floor(random() * 6);
    const process = this.processes[at];
    if (!faults.crashes || process === undefined) return;
    process.isDead = true;
    this.processes[at] = this.#start();
  }

  /** What the primary has, and how it gets that back. */
  async backUp(): Promise<() => Promise<void>> {
    const { primary } = this.sides;
    const all = async () => (await primary.abilities.scan.scan({ limit: 100 })).records;
    const backup = await all();
    return async () => {
      for (const { id } of await all()) await primary.delete(id);
      for (const record of backup) await primary.create(record);
    };
  }

  /** Nothing is broken, and whatever waits goes on, until so many milliseconds have passed. */
  async calm(milliseconds = 5000): Promise<void> {
    this.#isCalm = true;
    this.#down.clear();
    const end = Date.now() + milliseconds;
    for (let round = 0; Date.now() < end && round < mostRounds; round += 1) {
      const going = this.#waiting.splice(0);
      if (going.length === 0) await vi.advanceTimersByTimeAsync(50);
      for (const go of going) go();
      await untilQuiet();
    }
  }

  /** The answer of a call in a world where all is well. */
  async answerOf<T>(call: Promise<T>): Promise<T> {
    await this.calm(200);
    return call;
  }

  /** Ends what still runs. */
  end(): void {
    for (const process of this.#started) {
      process.isDead = true;
      void process.backend.close().catch(() => {});
    }
    vi.clearAllTimers();
  }

  #start(): Process {
    const { mode, failover, random } = this.#options;
    const state = { isDead: false };
    const backend = createReplicatedBackend({
      primary: this.#reach("primary", state),
      secondary: this.#reach("secondary", state),
      mode,
      failover,
      random,
      deadline: "3s",
      retry: { attempts: 2, delay: 0.02, maxDelay: 0.1 },
      logger: { warn: () => {} },
    });
    const process = Object.assign(state, { backend });
    this.#started.push(process);
    return process;
  }

  /** A side as one process reaches it. */
  #reach(name: SideName, process: { readonly isDead: boolean }): SessionBackend {
    const { abilities, ...side } = this.sides[name];
    const pass = async <T>(call: () => Promise<T>): Promise<T> => {
      if (process.isDead) return never();
      await this.#turn();
      if (process.isDead && this.#options.random() < 0.5) return never();
      this.#mayFail(name);
      const answer = await call();
      await this.#turn();
      if (process.isDead) return never();
      this.#mayFail(name);
      return answer;
    };
    return {
      atomicity: side.atomicity,
      create: (record) => pass(() => side.create(record)),
      load: (id) => pass(() => side.load(id)),
      save: (record) => pass(() => side.save(record)),
      touch: (id, revision, expiresAt) => pass(() => side.touch(id, revision, expiresAt)),
      delete: (id) => pass(() => side.delete(id)),
      exists: (id) => pass(() => side.exists(id)),
      abilities: { scan: { scan: (query) => pass(() => abilities.scan.scan(query)) } },
    };
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #mayFail(name: SideName): void {
    if (this.#down.has(name)) throw new Error("down");
    const isFailing = !this.#isCalm && this.#options.faults.failing.includes(name);
    if (isFailing && this.#options.random() < 0.05) throw new Error("lost");
  }
}

/** Calls that come to no end are a fault. */
const mostRounds = 2000;

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** Lets everything run that waits for no call and no clock. */
async function untilQuiet(): Promise<void> {
  for (let time = 0; time < 3; time += 1) await new Promise((resolve) => setImmediate(resolve));
}
