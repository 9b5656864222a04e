import type { FieldChange } from "../session/merge.js";
import { isOwnValue, ownFields, weightOfChanges, weightOfFields } from "./kept-fields.js";
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

interface KeptToken extends OpenedToken {
  readonly token: string;
  readonly end: string;
  /** Of the session as it is. */
  readonly weight: number;
  /** What is counted: no less than for the token that it took the place of, of which parts may live on in what a codec read. */
  readonly bytes: number;
  /** Since it was kept, or spared. */
  hasComeAgain: boolean;
}

interface Newcomer {
  readonly token: string;
  readonly opened: OpenedToken;
  readonly weight: number;
  /** What it counts for at least. */
  readonly least?: number;
}

/** A session that was sealed just now, and the one that these changes were made to. */
export interface SealedChange extends OpenedToken {
  readonly before: StoredSession;
  readonly changes: readonly FieldChange[];
}

/**
 * The sessions of tokens that came more than once lately: a client who comes again costs no decryption. What a token holds
 * never changes, so that one which has opened once may be kept; whether it is over is asked each time.
 */
export class RecentTokens {
  /** By the ends of their tokens. */
  readonly #kept = new Map<string, KeptToken>();
  /** Marks of tokens that came once: one that does not come again is not kept. */
  readonly #seen = new Int32Array(mostSeen);
  #bytes = 0;
  #newcomers = 0;

  find(token: string): OpenedToken | undefined {
    const kept = this.#kept.get(endOf(token));
    if (kept?.token !== token) return undefined;
    kept.hasComeAgain = true;
    return kept;
  }

  /** Keeps what a token has opened to if it came before, and remembers that it has come. */
  keep(token: string, opened: OpenedToken): void {
    if (!this.#note(token) || !this.#hasRoom()) return;
    // A copy: a text that was cut out of a header keeps the whole of it.
    const copy = Buffer.from(token, "latin1").toString("latin1");
    this.#add({ token: copy, opened, weight: weightOfFields(opened.stored.fields, heaviest) });
  }

  /**
   * Keeps what was sealed just now, in the place of the token that it follows when that is kept: its client comes with this
   * one. Else the sealing counts as the first time that it came.
   */
  replace(former: string, token: string, { tenant, stored, before, changes }: SealedChange): void {
    const kept = this.#kept.get(endOf(former));
    if (kept?.token !== former) {
      this.#note(token);
      return;
    }
    this.#remove(kept);
    const weight = kept.weight + weightOfChanges(changes, heaviest);
    if (weight > heaviest) return;
    const isOwn = before === kept.stored && changes.every(({ mine }) => isOwnValue(mine));
    const own = isOwn ? stored : { ...stored, fields: ownFields(stored.fields, kept.stored.fields, changes) };
    this.#add({ token, opened: { tenant, stored: own }, weight, least: kept.bytes });
  }

  /** For a token whose session is over. */
  forget(token: string): void {
    const kept = this.#kept.get(endOf(token));
    if (kept?.token === token) this.#remove(kept);
  }

  /** Notes that a token has come, and tells whether it had before. */
  #note(token: string): boolean {
    const mark = toMark(token) | fresh;
    const slot = (mark >>> 1) & (mostSeen - 1);
    const there = this.#seen[slot] ?? 0;
    if ((there | fresh) === mark) return true;
    // Two of one place would else take turns for ever.
    this.#seen[slot] = there & fresh ? there - fresh : mark;
    return false;
  }

  #add({ token, opened: { tenant, stored }, weight, least = 0 }: Newcomer): void {
    const bytes = Math.max(least, token.length + weight);
    const end = endOf(token);
    if (this.#kept.has(end) || bytes > heaviest || this.#bytes + bytes > mostBytes) return;
    this.#kept.set(end, { token, end, tenant, stored, weight, bytes, hasComeAgain: false });
    this.#bytes += bytes;
  }

  #remove({ end, bytes }: KeptToken): void {
    this.#kept.delete(end);
    this.#bytes -= bytes;
  }

  /** Makes room for the heaviest, if it may: the oldest goes when it did not come again, and else is spared once. */
  #hasRoom(): boolean {
    const most = mostBytes - heaviest;
    if (this.#bytes <= most) return true;
    this.#newcomers += 1;
    if (this.#newcomers % newcomersALook !== 0) return false;
    for (const [end, kept] of this.#kept) {
      this.#kept.delete(end);
      if (kept.hasComeAgain) {
        kept.hasComeAgain = false;
        this.#kept.set(end, kept);
        return false;
      }
      this.#bytes -= kept.bytes;
      if (this.#bytes <= most) break;
    }
    return this.#bytes <= most;
  }
}

/** 192 bits of its authentication tag: enough to look it up by, and quicker than all of it. */
function endOf(token: string): string {
  return token.slice(-32);
}

/** 32 bits of the end of a token, which is its authentication tag: as good as random. */
function toMark(token: string): number {
  let mark = 0;
  for (let at = Math.max(0, token.length - 8); at < token.length; at += 1)
    mark = Math.imul(mark ^ token.charCodeAt(at), 0x01000193);
  return mark;
}
