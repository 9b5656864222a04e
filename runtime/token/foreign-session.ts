/** A session of another library that a request brings, and that is to become one of ours. */
export interface ForeignSession {
  /** Stands for it among all of its library: a hash of its id. */
  readonly name: string;
  /**
   * Known only to who brings it, or has the secrets of its library: one for each of those. The key of ours is sealed under the
   * first; another process may have sealed it under any.
   */
  readonly secrets: readonly [string, ...(readonly string[])];
  /** Its id, sealed, by which it is found again when a request does not bring it. */
  readonly reference: string;
  /** It lives on beside ours, for code that knows only the other library; and ours ends with it. */
  readonly isKept: boolean;
  /** Whether it is there. Asked of its store once a request. */
  isLive(): Promise<boolean>;
  /** What ours, of this tenant, gets of it; `null` when it is not there, or nothing of it is wanted. */
  read(tenantId: string | null): Promise<ForeignData | null>;
  /** Ours has taken its place: unless it is kept, it ends. */
  giveWay(): Promise<void>;
  /** Moves its expiry, as activity does. */
  touch(): Promise<void>;
  end(): Promise<void>;
}

/** What is taken over of a session of another library. */
export interface ForeignData {
  readonly values: Readonly<Record<string, unknown>>;
  /** For how long without activity it lives, in milliseconds; `null` for as long as ours do. */
  readonly idle: number | null;
}
