import { SessionError } from "../../../runtime/index.js";
import type { Command } from "./commands.js";
import type { History, Write } from "./history.js";
import type { ModelSession, ModelSessions } from "./model-kind.js";
import type { Turns } from "./turns.js";

/** What the actors of a schedule share. */
export interface World {
  readonly turns: Turns;
  readonly history: History;
  readonly userId: number;
  /** The key that the browser has: that of the last response. */
  key: string;
  /** That response may have come too late. */
  isKeyLate: boolean;
  /** How many actors are in the middle of an operation. */
  busy: number;
  /** Moves the clock on by so many seconds. */
  advance(seconds: number): void;
  /** How many waits are left: no request takes five minutes, which is how long a changed key still ends its session. */
  waits: number;
}

/** One request after the other, over the one session of a schedule. */
export class Actor {
  readonly #world: World;
  readonly #name: number;
  readonly #sessions: ModelSessions;
  #session: ModelSession | null = null;
  /** The key that its request was sent with, or was answered with last. */
  #cameWith = "";
  #pending: readonly string[] = [];
  #changes = 0;
  /** How many waits were left when the session was loaded. */
  #waitsAtLoad = 0;
  /** The turn at which the session began to be loaded, or got a new key from here. */
  #loadedFrom = 0;

  constructor(world: World, name: number, sessions: ModelSessions) {
    this.#world = world;
    this.#name = name;
    this.#sessions = sessions;
  }

  async perform(command: Exclude<Command["do"], "crash">): Promise<void> {
    const { history } = this.#world;
    switch (command) {
      case "load":
        await this.#load();
        return;
      case "wait":
        return this.#wait(61);
      case "pause":
        return this.#wait(11);
      case "expire":
        return this.#expire();
      case "delete":
        history.mayBeOver = true;
        if (await this.#during(() => this.#sessions.delete(this.#world.key))) this.#ended();
        return;
      case "revoke":
        history.mayBeOver = true;
        await this.#during(() => this.#sessions.revoke({ userId: this.#world.userId }));
        return this.#ended();
      default: {
        const session = this.#session ?? (await this.#load());
        if (session !== null) await this.#performOn(session, command);
      }
    }
  }

  async #performOn(
    session: ModelSession,
    command: "set" | "save" | "commit" | "touch" | "rotate" | "logout",
  ): Promise<void> {
    const { history } = this.#world;
    switch (command) {
      case "set":
        return this.#change(session);
      case "save":
        return this.#write(session, () => session.save());
      case "commit":
        return this.#write(session, () => this.#sessions.commit(session));
      case "rotate": {
        const { key } = session;
        history.mayBeRetired = true;
        await this.#write(session, () => session.cycleKey());
        if (key !== null && this.#session !== null) {
          history.retiredKeys.add(key);
          history.rotatedAt = this.#world.turns.now;
          // Nobody knows the session better now.
          this.#loadedFrom = history.rotatedAt + 1;
        }
        return;
      }
      case "touch":
        return this.#attempt(() => session.touch());
      case "logout":
        history.mayBeOver = true;
        this.#session = null;
        await this.#during(() => session.destroy());
        return this.#ended();
    }
  }

  async #load(): Promise<ModelSession | null> {
    const { turns, history, key } = this.#world;
    const from = turns.now;
    this.#pending = [];
    this.#loadedFrom = from;
    this.#waitsAtLoad = this.#world.waits;
    this.#cameWith = key;
    this.#session = await this.#during(() => this.#sessions.load(key));
    if (this.#session === null) return null;
    history.sessions.push(this.#session);
    if (from >= history.endedAt) history.faults.push("a session was loaded after its end");
    return this.#session;
  }

  #change(session: ModelSession): void {
    const token = `${this.#name}.${this.#changes}`;
    this.#changes += 1;
    session.set("count", session.get("count") + 1);
    session.set("log", [...session.get("log"), token]);
    session.set("word", token);
    this.#pending = [...this.#pending, token];
  }

  /** A write with all changes so far. Its response gives the browser its key, when that is another than it came with. */
  async #write(session: ModelSession, work: () => Promise<unknown>): Promise<void> {
    const { turns, history } = this.#world;
    const write: Write = { tokens: this.#pending, from: turns.now };
    history.writes.push(write);
    await this.#attempt(work);
    if (this.#session === null) return;
    if (session.isModified) history.faults.push("a write was acknowledged that was not made");
    write.until = turns.now;
    this.#pending = [];
    if (session.key === null) {
      // The end of a request that changed nothing does not complain of a session that has ended meanwhile.
      if (write.tokens.length > 0) history.faults.push("a write to no session was acknowledged");
      this.#session = null;
      return;
    }
    history.keys.add(session.key);
    if (session.key !== this.#cameWith) {
      this.#world.key = session.key;
      this.#world.isKeyLate = this.#isLate();
    }
    this.#cameWith = session.key;
  }

  /**
   * Whether somebody changed the key at once since this actor's request began. Its response may give what it knew before,
   * since a request that changes nothing asks nobody at its end; a browser that hears it in time has the other key by now.
   */
  #isLate(): boolean {
    return this.#world.history.rotatedAt >= this.#loadedFrom;
  }

  /**
   * The session may have ended, or its key may have been changed by somebody else: at once, or periodically while
   * the request took longer than the old key is good for. Nothing else may go wrong.
   */
  async #attempt(work: () => Promise<unknown>): Promise<void> {
    const { history } = this.#world;
    try {
      await this.#during(work);
    } catch (error) {
      if (!(error instanceof SessionError) || error.code !== "gone") throw error;
      const isSlow = this.#world.waits < this.#waitsAtLoad;
      if (!history.mayBeOver && !history.mayBeRetired && !isSlow)
        history.faults.push("gone, though nobody ended it");
      this.#session = null;
    }
  }

  async #during<T>(work: () => Promise<T>): Promise<T> {
    this.#world.busy += 1;
    try {
      return await work();
    } finally {
      this.#world.busy -= 1;
    }
  }

  #ended(): void {
    const { history, turns } = this.#world;
    history.endedAt = Math.min(history.endedAt, turns.now);
  }

  /** Calls take seconds at most, so that time passes only between operations. */
  async #quiet(): Promise<void> {
    while (this.#world.busy > 0) await this.#world.turns.wait();
  }

  async #wait(seconds: number): Promise<void> {
    await this.#quiet();
    if (this.#world.waits === 0) return;
    this.#world.waits -= 1;
    this.#world.advance(seconds);
  }

  async #expire(): Promise<void> {
    await this.#quiet();
    this.#world.history.mayBeOver = true;
    this.#world.advance(3601);
    this.#ended();
  }
}
