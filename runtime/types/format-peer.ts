/** A package that a codec or a compression needs, imported when the format of the records is made ready. */
export interface FormatPeer {
  isLoaded(): boolean;
  /** Rejects with `SessionError` `"config"`, in one line, when it is not installed. */
  load(): Promise<void>;
}
