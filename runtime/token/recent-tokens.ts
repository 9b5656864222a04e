import type { WireValue } from "../record/shape.js";
import type { StoredSession } from "./token-store.js";

/** Of sessions as they are in memory, roughly: some thousands. */
const mostBytes = 10_000_000;

/** A session that takes more is opened each time: a compressed token may hold two hundred times as much. */
const heaviest = 16_384;

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
  readonly bytes: number;
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
  #bytes = 0;
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

  /** For a token whose session is over. */
  forget(token: string): void {
    const kept = this.#kept.get(token);
    if (kept === undefined) return;
    this.#kept.delete(token);
    this.#bytes -= kept.bytes;
  }

  #add(token: string, opened: OpenedToken): void {
    if (this.#kept.has(token)) return;
    const bytes = token.length + weightOf(opened.stored.fields, heaviest);
    if (bytes > heaviest || !this.#hasRoom(bytes)) return;
    // A copy: a text that was cut out of a header keeps the whole of it.
    const name = Buffer.from(token, "latin1").toString("latin1");
    this.#kept.set(name, { opened, bytes, hasComeAgain: false });
    this.#bytes += bytes;
  }

  /** Makes room for so many bytes, if it may: the oldest goes when it did not come again, and else is spared once. */
  #hasRoom(bytes: number): boolean {
    const most = mostBytes - bytes;
    if (this.#bytes <= most) return true;
    this.#newcomers += 1;
    if (this.#newcomers % newcomersALook !== 0) return false;
    for (const [oldest, kept] of this.#kept) {
      this.#kept.delete(oldest);
      if (kept.hasComeAgain) {
        kept.hasComeAgain = false;
        this.#kept.set(oldest, kept);
        return false;
      }
      this.#bytes -= kept.bytes;
      if (this.#bytes <= most) break;
    }
    return this.#bytes <= most;
  }
}

/** 32 bits of the end of a token, which is its authentication tag: as good as random. */
function toMark(token: string): number {
  let mark = 0;
  for (let at = Math.max(0, token.length - 8); at < token.length; at += 1)
    mark = Math.imul(mark ^ token.charCodeAt(at), 0x01000193);
  return mark;
}

/** How many bytes a value takes in memory, roughly; what is beyond `most` is not counted. */
function weightOf(value: WireValue | undefined, most: number): number {
  if (typeof value === "string") return 32 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 16;
  if (value instanceof Uint8Array) return 128 + value.length;
  let bytes = 64;
  for (const member of Object.values<WireValue | undefined>(value)) {
    bytes += 32 + weightOf(member, most - bytes);
    if (bytes > most) break;
  }
  return bytes;
}
