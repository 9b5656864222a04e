import type { StoredSession } from "./token-store.js";

/** Of 526 characters each, as a session of 200 bytes has, some 2,000; with what hangs on them a few megabytes. */
const mostCharacters = 1_048_576;

/** A power of two. */
const mostSeen = 4096;

/** The session of a token, and whose it is. */
export interface OpenedToken {
  readonly tenant: string | null;
  readonly stored: StoredSession;
}

/**
 * The sessions of tokens that came more than once lately: a client who comes again costs no decryption. What a token holds
 * never changes, so that one which has opened once may be kept; whether it is over is asked each time.
 */
export class RecentTokens {
  readonly #opened = new Map<string, OpenedToken>();
  /** Marks of tokens that came once: what does not come again, as where each answer changes the session, is not kept. */
  readonly #seen = new Int32Array(mostSeen);
  #characters = 0;

  find(token: string): OpenedToken | undefined {
    return this.#opened.get(token);
  }

  /** Keeps what a token has opened to if it came before, and remembers that it has come. */
  keep(token: string, opened: OpenedToken): void {
    const mark = toMark(token);
    const slot = mark & (mostSeen - 1);
    if (this.#seen[slot] === mark) this.#add(token, opened);
    else this.#seen[slot] = mark;
  }

  #add(token: string, opened: OpenedToken): void {
    if (this.#opened.has(token)) return;
    // A copy: a text that was cut out of a header keeps the whole of it.
    this.#opened.set(Buffer.from(token, "latin1").toString("latin1"), opened);
    this.#characters += token.length;
    for (const oldest of this.#opened.keys()) {
      if (this.#characters <= mostCharacters) break;
      this.#opened.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}

/** 32 bits of the end of a token, which is its authentication tag: as good as random. */
function toMark(token: string): number {
  let mark = 0;
  for (let at = Math.max(0, token.length - 8); at < token.length; at += 1)
    mark = Math.imul(mark ^ token.charCodeAt(at), 0x01000193);
  return mark;
}
