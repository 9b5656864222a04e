/** A session as its client carries it. */
export interface SealedRecord {
  /** The session's handle; it stays over saves. */
  readonly id: string;
  readonly tenant: string | null;
  /** As that of a `SessionRecord`; names the kind too. */
  readonly header: string;
  /** encrypt(compress(meta ‖ fields)); opaque to the seal. */
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Makes a session into a token that only its maker can have made, and back. It is no store in a map: the token is the
 * record. So nothing merges: of two responses to one client the later one wins with all it holds, and a token that was
 * given out opens until it expires, unless a revocation backend says otherwise.
 */
export interface SessionSeal {
  /** The record as a token of cookie characters. Rejects with `SessionError` `"config"` when there is no key to seal with. */
  seal(record: SealedRecord): Promise<string>;
  /**
   * The record of a token, or `null` for everything else: forged, damaged, cut, encoded in another way, meant for
   * another cookie, of a retired key. It may be expired: the runtime owns the clock, and gives its time as `now` (epoch
   * milliseconds) to a seal that has to look at it. Rejects only when the seal itself cannot work. Any client may send it
   * anything of at most 8192 characters, of which only the first 64 are known to be of those that a token begins with.
   */
  open(token: string, now?: number): Promise<SealedRecord | null>;
  /** `seal` without a promise, of a seal that waits for nothing. Throws where `seal` rejects. */
  sealNow?(record: SealedRecord): string;
  /**
   * `open` without a promise, of such a seal, and asked in its place. What it answers to a token never changes: the session
   * of one that comes again may be remembered, by its last 32 characters, which should differ from token to token, and it is not asked again; nor need it be about what `sealNow` has sealed, which
   * it would open to the same record.
   */
  openNow?(token: string): SealedRecord | null;
  /** Reads keys and loads packages now instead of at first use; rejects when that fails. */
  ready?(): Promise<void>;
}
