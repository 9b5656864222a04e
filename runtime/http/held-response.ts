import type { ServerResponse } from "node:http";
import { SessionError } from "../platform/errors.js";
import { type HeaderList, type ResponseState, warn } from "./exchange.js";
import { prepareAnswer, standardBody } from "./failure-answer.js";
import { breakOff, dropWrite } from "./give-up.js";
import {
  guardHead,
  headersSentError,
  ignoreHead,
  prepareHead,
  type Release,
  type ResponseStatus,
  setStatus,
  statusOf,
} from "./response-guard.js";
import { appendHeaders } from "./response-headers.js";
import { settle } from "./settle.js";
import { type NativeMethods, type ResponseHolder, type SendingMethod, takeMethods } from "./take-methods.js";

/** What a held response asks of its exchange. */
export interface HoldOptions {
  /** `"streaming"` holds back only the end of the body: somebody else has committed before its head. */
  readonly phase?: "streaming";
  /** Stores what the handler changed; called before the first byte, and again at the end of a streamed body. */
  readonly commit: (state: ResponseState) => HeaderList | Promise<HeaderList>;
  /** Hears of every failure; before the first byte it may answer, or leave that to the default. */
  readonly report: (error: unknown) => unknown;
}

type Call = readonly [method: SendingMethod, given: readonly unknown[]];

/**
 * - `open`: nothing was sent. `headed`: `writeHead` was called, which sends nothing yet.
 * - `holding`: waits for the commit, keeping what the app sends.
 * - `streaming`: the head has left. `ended`: all was handed to Node.
 * - `answering`: the session failed, and `report` may answer. `answered`: what the app still sends is dropped.
 */
type Phase = "open" | "headed" | "holding" | "streaming" | "ended" | "answering" | "answered";

/**
 * Holds a response of node:http back from its first byte until the session is stored. Informational responses (100, 102, 103) are not touched. A writer
 * is told to wait for `drain` when it has written meanwhile what Node takes at once, and no sooner: nor would a stream that compresses, for which it may wait instead.
 */
export class HeldResponse implements ResponseHolder {
  readonly #response: ServerResponse;
  readonly #options: HoldOptions;
  readonly #native: NativeMethods;
  readonly #ownWriteHead: ServerResponse["writeHead"];
  #phase: Phase;
  #calls: Call[] = [];
  #heldBytes = 0;
  #release: Release | undefined;
  #status: ResponseStatus | undefined;

  constructor(response: ServerResponse, options: HoldOptions) {
    this.#phase = options.phase ?? "open";
    this.#response = response;
    this.#options = options;
    this.#native = takeMethods(response, this);
    this.#ownWriteHead = response.writeHead;
  }

  /** The handler failed: answers when nothing was sent yet; cuts an unfinished body, so that nobody takes it for whole. */
  fail(error: unknown): void {
    if (this.#isUnsent()) this.#refuse(error, { status: 500, failed: error instanceof SessionError });
    else if (this.#phase === "answering" || this.#isEnded()) this.#report(error);
    else this.#cut(error);
  }

  /** The app settles the head. */
  writeHead(head: readonly unknown[]): ServerResponse {
    if (this.#phase === "headed" || this.#phase === "holding") throw headersSentError();
    if (this.#phase !== "open") {
      Reflect.apply(this.#native.writeHead, this.#response, head);
      return this.#response;
    }
    prepareHead(this.#response, head);
    this.#status = statusOf(this.#response);
    this.#phase = "headed";
    this.#guard();
    return this.#response;
  }

  /** The app sends something. */
  take(method: SendingMethod, given: readonly unknown[]): unknown {
    switch (this.#phase) {
      case "open":
      case "headed":
        return this.#begin(method, given);
      case "holding":
        this.#calls.push([method, given]);
        return this.#hasRoomAfter(given);
      case "streaming":
        return method === "end" ? this.#finish(given) : this.#send(method, given);
      case "answered":
        return dropWrite(given);
      default:
        return this.#send(method, given);
    }
  }

  /** The first byte is due: commit, then let it go. */
  #begin(method: SendingMethod, given: readonly unknown[]): unknown {
    const status = this.#status ?? statusOf(this.#response);
    setStatus(this.#response, status);
    return this.#hold(method, given, false, (headers) => {
      setStatus(this.#response, status);
      appendHeaders(this.#response, headers);
      this.#settleHead(status);
      return this.#replay(method === "end" ? "ended" : "streaming");
    });
  }

  /** Middleware that has put its own in the place of `writeHead`, and called it, need not do so again when Node does. */
  #settleHead({ statusCode }: ResponseStatus): void {
    if (this.#status === undefined || this.#response.writeHead === this.#ownWriteHead) return;
    Reflect.apply(this.#native.writeHead, this.#response, [statusCode]);
  }

  /** The end of a body whose head has left: late changes are stored before the client learns that it is whole. */
  #finish(given: readonly unknown[]): unknown {
    return this.#hold("end", given, true, () => this.#replay("ended"));
  }

  /** Gives what `proceed` gives when the commit needs no waiting; else what tells a writer to wait. */
  #hold(
    method: SendingMethod,
    given: readonly unknown[],
    headersSent: boolean,
    proceed: (headers: HeaderList) => unknown,
  ): unknown {
    this.#phase = "holding";
    this.#calls = [[method, given]];
    this.#heldBytes = 0;
    let result: unknown = this.#hasRoomAfter(given);
    settle(
      () => this.#commit({ status: this.#response.statusCode, headersSent }),
      (headers) => {
        this.#unguard();
        if (this.#phase === "holding") result = proceed(headers);
      },
      (error) => {
        this.#unguard();
        if (this.#response.headersSent) this.#cut(error);
        else this.#refuse(error, { status: 500, failed: true });
      },
    );
    return result;
  }

  #hasRoomAfter([data]: readonly unknown[]): boolean {
    if (typeof data === "string" || data instanceof Uint8Array) this.#heldBytes += data.length;
    return this.#heldBytes < this.#response.writableHighWaterMark;
  }

  /** Sends what was kept, in order. */
  #replay(phase: "streaming" | "ended"): unknown {
    const [first, ...others] = this.#calls;
    this.#calls = [];
    this.#phase = phase;
    const result = first === undefined ? false : this.#send(...first);
    for (const [method, given] of others) this.take(method, given);
    if (phase === "streaming") process.nextTick(() => this.#drain());
    return result;
  }

  /** A writer may have been told to wait; Node wakes it only when it told so itself. */
  #drain(): void {
    const { writableNeedDrain, writableEnded, destroyed } = this.#response;
    if (this.#phase !== "streaming" || writableNeedDrain || writableEnded || destroyed) return;
    this.#response.emit("drain");
  }

  /** Drops what the app has sent, and answers with the failure instead; with the cookie of what was done (a logout, a new key). */
  #refuse(error: unknown, state: ResponseState): void {
    this.#phase = "holding";
    this.#calls = [];
    settle(
      () => this.#commit(state),
      (headers) => this.#answer(error, headers),
      () =>
        state.failed === true ? this.#answer(error, []) : this.#refuse(error, { ...state, failed: true }),
    );
  }

  #answer(error: unknown, headers: HeaderList): void {
    const response = this.#response;
    this.#unguard();
    this.#calls = [];
    this.#phase = "answering";
    prepareAnswer(response, error, headers);
    const answerByDefault = (): void => {
      if (!response.headersSent) this.#send("end", [standardBody(response, error)]);
      if (!response.writableEnded) return;
      this.#phase = "answered";
      ignoreHead(response);
    };
    settle(
      () => this.#options.report(error),
      answerByDefault,
      (failure) => {
        warn(failure);
        answerByDefault();
      },
    );
  }

  /** Too late for an answer. */
  #cut(error: unknown): void {
    this.#phase = "answered";
    this.#calls = [];
    this.#report(error);
    breakOff(this.#response);
  }

  #report(error: unknown): void {
    settle(() => this.#options.report(error), ignore, warn);
  }

  #commit(state: ResponseState): HeaderList | Promise<HeaderList> {
    const headers = this.#options.commit(state);
    if (headers instanceof Promise) this.#guard();
    return headers;
  }

  #send(method: SendingMethod, given: readonly unknown[]): unknown {
    return Reflect.apply(this.#native[method], this.#response, given);
  }

  /** Nothing has left, also when Node refused to send what it was given. */
  #isUnsent(): boolean {
    if (this.#phase === "open" || this.#phase === "headed") return true;
    return (this.#phase === "streaming" || this.#phase === "ended") && !this.#response.headersSent;
  }

  #isEnded(): boolean {
    return this.#calls.some(([method]) => method === "end") || this.#response.writableEnded;
  }

  #guard(): void {
    this.#release ??= guardHead(this.#response, () => this.#calls.some(([method]) => method === "end"));
  }

  #unguard(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

function ignore(): void {}
