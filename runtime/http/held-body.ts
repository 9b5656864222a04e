type Read = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>["read"]>>;

/** Microtasks that a body gets which is there already, as text and bytes are. */
const TURNS = 8;

/**
 * A response's body that is held back until its session is stored. What is there at once is read ahead, so that a body
 * of text or bytes is not sent as a stream.
 */
export class HeldBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  /** What was read ahead. */
  #ahead: Read[] = [];
  #next: Promise<Read> | undefined;

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = body.getReader();
  }

  /** The whole body, when it is there at once, in one piece; else `null`. To be asked before anything else is. */
  async readWhole(): Promise<Uint8Array<ArrayBuffer> | null> {
    const first = await this.#readAhead();
    if (first === undefined) return null;
    if (first.done) return new Uint8Array(0);
    const second = await this.#readAhead();
    return second?.done === true ? first.value : null;
  }

  /**
   * The body, which ends only when `finish` has: what changed while it was sent is stored before the client learns that
   * it is whole. When that fails the body fails, so that nobody takes it for whole.
   */
  toStream(finish: () => Promise<void>): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          const { done, value } = await this.#read();
          if (!done) {
            controller.enqueue(value);
            return;
          }
          await finish();
          controller.close();
        },
        cancel: (reason) => this.#reader.cancel(reason),
      },
      // Nothing is asked of the app before the client is ready for it.
      { highWaterMark: 0 },
    );
  }

  /** Lets go of a body that will not be sent. */
  discard(): void {
    void this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<Read> {
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) return ahead;
    const next = this.#next ?? this.#reader.read();
    this.#next = undefined;
    return next;
  }

  async #readAhead(): Promise<Read | undefined> {
    const next = this.#reader.read();
    this.#next = next;
    let read: Read | undefined;
    next.then(
      (given) => {
        read = given;
      },
      // Whoever reads on hears of it.
      () => undefined,
    );
    for (let turn = 0; turn < TURNS && read === undefined; turn += 1) await null;
    if (read === undefined) return undefined;
    this.#next = undefined;
    this.#ahead.push(read);
    return read;
  }
}
