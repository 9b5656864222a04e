import type { Meta } from "../record/contents.js";
import type { SessionState } from "../session/session-state.js";
import type { WireFields, WireValue } from "../types/shape.js";
import type { ForeignSession } from "./foreign-session.js";

/** A session as it is stored. */
export interface StoredSession {
  readonly id: string;
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly meta: Meta;
  /** The fields that the app may see, and unknown ones. */
  readonly fields: WireFields;
  /**
   * What is stored in the place of fields that another version wrote, as far as the app does not see it as it is: because
   * this version's check refuses it, or shows a part or a conversion of it. Kept, and written back unless assigned;
   * `undefined`: nothing is stored.
   */
  readonly refused: Readonly<Record<string, WireValue | undefined>>;
}

/** A session found under a token. */
export interface FoundSession {
  /** The key that opens it from now on: the one given, or its successor when the key was rotated meanwhile. */
  readonly key: string;
  /** The token given was an older key that only led to this one. */
  readonly isForwarded: boolean;
  readonly stored: StoredSession;
}

/** What a write takes along. */
export interface WriteOptions {
  /** Whether the app's changes are written; without, only what the runtime keeps. */
  readonly withChanges: boolean;
}

/**
 * Carries out what was decided for a session, over a backend or a seal. Each operation changes the state to what
 * is stored when it succeeds. All reject with `SessionError` when the place fails; `"gone"` when the session was
 * deleted elsewhere.
 */
export interface TokenStore {
  /** The store that does the work, where this one only tells of it. */
  readonly watched?: TokenStore;
  /** Whether something is a text that has the form of a token. Asked before any place is, and without `this`. */
  readonly isToken: (text: unknown) => boolean;
  /** Makes ready now what else is done at first use; rejects when that fails. */
  ready(): Promise<void>;
  /**
   * The live session of a token, or `null` when it is absent, expired or unreadable; at once when it can be. Writes
   * only what a crash has left undone of a change of key.
   */
  read(token: string): FoundSession | null | Promise<FoundSession | null>;
  /** The session that one of another library has become, or becomes now; `null` when it has ended, or nothing of it fits. */
  adopt(foreign: ForeignSession): Promise<FoundSession | null>;
  create(state: SessionState): Promise<void>;
  /** Writes the changes, merged with those that others made meanwhile; `undefined` when that was done at once. May throw as it may reject. */
  save(state: SessionState, options: WriteOptions): Promise<void> | undefined;
  /** Moves the expiry. `false`, changing nothing, when another request wrote meanwhile. */
  touch(state: SessionState): Promise<boolean>;
  /**
   * Gives the session another key. With `grace` the old one leads to the new one for a while, and nothing is done
   * when another request has changed the key meanwhile.
   */
  rotate(state: SessionState, options: WriteOptions & { readonly grace: boolean }): Promise<void>;
  /** Reads the session again. */
  reload(state: SessionState): Promise<void>;
  /** Ends the session for good. `false` when there was nothing to end, or somebody else has. */
  end(state: SessionState): Promise<boolean>;
  /** Ends the session that a token opens. `false` when it opens none. */
  endByToken(token: string): Promise<boolean>;
}
