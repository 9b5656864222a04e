import { SessionError } from "../../platform/errors.js";
import { startTimeout } from "../../platform/start-timeout.js";
import type { SessionBackend } from "../../types/backend.js";
import { inTime } from "./answers.js";

/** Which side it is, and for how long it is waited for. */
export interface SideOptions {
  /** `"primary"` or `"secondary"`, for errors. */
  readonly name: string;
  readonly backend: SessionBackend;
  /** How long a call may take, in milliseconds. */
  readonly patience: number;
  /** Told when it answers again. */
  readonly onRecovery: () => void;
  /** Told of each call that it has failed. */
  readonly onFailure?: () => void;
}

/**
 * One of the two backends. One that does not answer in time, or fails three times in a row, is down: calls fail at
 * once, so that requests do not wait for it, and it is asked in the background until it answers.
 */
export class Side {
  readonly backend: SessionBackend;
  readonly #options: SideOptions;
  #failures = 0;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: SideOptions) {
    this.#options = options;
    this.backend = options.backend;
  }

  get isDown(): boolean {
    return this.#probe !== undefined;
  }

  /** Asks it; rejects with `SessionError` `"unavailable"` or `"timeout"` when it is down, or after `patience`. */
  async ask<T>(
    call: (backend: SessionBackend) => Promise<T>,
    patience: number = this.#options.patience,
  ): Promise<T> {
    return this.#ask(call, patience);
  }

  /**
   * The same for a call that may have to wait for its turn. When that does not come in time, its signal is aborted, and the
   * side is down only if it does not answer another question either: else the call rejects with `"conflict"`.
   */
  async askInTurn<T>(
    call: (backend: SessionBackend, signal: AbortSignal) => Promise<T>,
    // What is left is for the other question.
    patience: number = 2 * this.#options.patience,
  ): Promise<T> {
    const turn = new AbortController();
    return this.#ask(
      (backend) => call(backend, turn.signal),
      patience,
      async () => {
        turn.abort();
        return this.#inTime((backend) => backend.exists(probedId), this.#options.patience).then(
          () => true,
          () => false,
        );
      },
    );
  }

  /**
   * The same for what may take long, such as a page of a walk: while it answers other questions it is waited for, and is
   * not down. Rejects with `"conflict"` when that has been so for too long.
   */
  async askAtLength<T>(call: (backend: SessionBackend) => Promise<T>): Promise<T> {
    // Each question is waited for as long as anything else.
    const longest = 2 * (mostAsked + 1) * this.#options.patience;
    return this.#ask((backend) => this.#whileItAnswers(call(backend)), longest);
  }

  async #whileItAnswers<T>(pending: Promise<T>): Promise<T> {
    const { patience, name } = this.#options;
    pending.catch(() => {});
    const answer = pending.then((value) => ({ value }));
    for (let asked = 0; asked < mostAsked; asked += 1) {
      const found = await inTime(answer, patience);
      if (found !== null) return found.value;
      await this.#inTime((backend) => backend.exists(probedId), patience);
    }
    throw this.#error(
      "conflict",
      `The ${name} session backend took too long for a page of sessions. Try again.`,
    );
  }

  async #ask<T>(
    call: (backend: SessionBackend) => Promise<T>,
    patience: number,
    answersOthers?: () => Promise<boolean>,
  ): Promise<T> {
    if (this.isDown) throw this.#error("unavailable", `The ${this.#options.name} session backend is down.`);
    try {
      const answer = await this.#inTime(call, patience);
      this.#failures = 0;
      return answer;
    } catch (error) {
      if (!isOutage(error)) throw error;
      const isLate = error instanceof SessionError && error.code === "timeout";
      if (isLate && answersOthers !== undefined && (await answersOthers()))
        throw this.#error(
          "conflict",
          `The ${this.#options.name} session backend is too busy with what has to wait for its turn. Try again.`,
        );
      this.#failures += 1;
      this.#options.onFailure?.();
      if (isLate || this.#failures >= failuresOfOutage) this.#startProbing();
      throw error instanceof SessionError
        ? error
        : this.#error("unavailable", `The ${this.#options.name} session backend failed.`);
    }
  }

  /** Has it do what may take long, such as a sweep: it does not count as down for being late or failing in that. */
  async work<T>(call: (backend: SessionBackend) => Promise<T>): Promise<T> {
    if (this.isDown) throw this.#error("unavailable", `The ${this.#options.name} session backend is down.`);
    return call(this.backend);
  }

  /** Ends the questions in the background, and closes the backend. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#probe);
    await this.backend.close?.();
  }

  async #inTime<T>(call: (backend: SessionBackend) => Promise<T>, patience: number): Promise<T> {
    let stop = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const fail = (): void =>
        reject(
          this.#error(
            "timeout",
            `The ${this.#options.name} session backend did not answer in ${Math.round(patience)} ms.`,
          ),
        );
      stop = startTimeout(patience, fail);
    });
    try {
      return await Promise.race([call(this.backend), late]);
    } finally {
      stop();
    }
  }

  #startProbing(): void {
    if (this.#isClosed || this.isDown) return;
    const probe = async (): Promise<void> => {
      try {
        await this.#inTime((backend) => backend.exists(probedId), this.#options.patience);
      } catch {
        if (!this.#isClosed) this.#schedule(probe);
        return;
      }
      this.#probe = undefined;
      this.#failures = 0;
      if (!this.#isClosed) this.#options.onRecovery();
    };
    this.#schedule(probe);
  }

  #schedule(probe: () => Promise<void>): void {
    // With jitter, since all processes see an outage at once.
    this.#probe = setTimeout(() => void probe(), probePause * (0.5 + Math.random()));
    this.#probe.unref?.();
  }

  #error(code: "unavailable" | "timeout" | "conflict", message: string): SessionError {
    return new SessionError(code, message, { details: { side: this.#options.name } });
  }
}

/** Whether a rejection says that a backend is down, rather than that it was asked for the impossible. */
export function isOutage(error: unknown): boolean {
  return !(error instanceof SessionError) || error.code === "unavailable" || error.code === "timeout";
}

const failuresOfOutage = 3;
const probePause = 300;
const mostAsked = 15;
const probedId = "session-gen-probe";
