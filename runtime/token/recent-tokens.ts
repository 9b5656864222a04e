import type { StoredSession } from "./token-store.js";

/** Of 526 characters each, as a session of 200 bytes has, some 4,000; with what hangs on them some ten megabytes. */
const mostCharacters = 2_097_152;

/** When all room is taken, one in so many newcomers may look for some: each that replaced another would cost more than it saves. */
const newcomersALook = 8;

/** A power of two. */
const mostSeen = 8192;

/** The last bit of a mark that nobody else has wanted the place of yet. */
const fresh = 1;

/** The session of a token, and whose it is. */
export interface OpenedToken {
  readonly tenant: string | null;
  readonly stored: StoredSession;
}

interface KeptToken {
  readonly opened: OpenedToken;
  /** Since it was kept, or spared. */
  hasComeAgain: boolean;
}

/**
 * The sessions of tokens that came more than once lately: a client who comes again costs no decryption. What a token holds
 * never changes, so that one which has opened once may be kept; whether it is over is asked each time.
 */
export class RecentTokens {
  readonly #kept = new Map<string, KeptToken>();
  /** Marks of tokens that came once: what does not come again, as where each answer changes the session, is not kept. */
  readonly #seen = new Int32Array(mostSeen);
  #characters = 0;
  #newcomers = 0;

  find(token: string): OpenedToken | undefined {
    const kept = this.#kept.get(token);
    if (kept === undefined) return undefined;
    kept.hasComeAgain = true;
    return kept.opened;
  }

  /** Keeps what a token has opened to if it came before, and remembers that it has come. */
  keep(token: string, opened: OpenedToken): void {
    const mark = toMark(token) | fresh;
    const slot = (mark >>> 1) & (mostSeen - 1);
    const there = this.#seen[slot] ?? 0;
    if ((there | fresh) === mark) this.#add(token, opened);
    // Two of one place would else take turns for ever.
    else this.#seen[slot] = there & fresh ? there - fresh : mark;
  }

  #add(token: string, opened: OpenedToken): void {
    if (this.#kept.has(token) || !this.#hasRoom(token.length)) return;
    // A copy: a text that was cut out of a header keeps the whole of it.
    this.#kept.set(Buffer.from(token, "latin1").toString("latin1"), { opened, hasComeAgain: false });
    this.#characters += token.length;
  }

  /** Makes room for so many characters, if it may: the oldest goes when it did not come again, and else is spared once. */
  #hasRoom(characters: number): boolean {
    const most = mostCharacters - characters;
    if (this.#characters <= most) return true;
    this.#newcomers += 1;
    if (this.#newcomers % newcomersALook !== 0) return false;
    for (const [oldest, kept] of this.#kept) {
      this.#kept.delete(oldest);
      if (kept.hasComeAgain) {
        kept.hasComeAgain = false;
        this.#kept.set(oldest, kept);
        return false;
      }
      this.#characters -= oldest.length;
      if (this.#characters <= most) return true;
    }
    return this.#characters <= most;
  }
}

/** 32 bits of the end of a token, which is its authentication tag: as good as random. */
function toMark(token: string): number {
  let mark = 0;
  for (let at = Math.max(0, token.length - 8); at < token.length; at += 1)
    mark = Math.imul(mark ^ token.charCodeAt(at), 0x01000193);
  return mark;
}
