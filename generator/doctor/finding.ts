/** What one check of the doctor found. */
export interface Finding {
  /** A word for what was looked at: `output`, `peers`, `server`. */
  readonly check: string;
  /** `fix` is wrong or due; a `note` is worth knowing and may be meant so. */
  readonly state: "ok" | "note" | "fix";
  /** What is so, and for `fix` what to do. One line without secrets. */
  readonly message: string;
}

/** Findings of one check. */
export interface Findings {
  ok(message: string): Finding;
  note(message: string): Finding;
  fix(message: string): Finding;
}

/** The findings of the check that is called so. */
export function findingsOf(check: string): Findings {
  return {
    ok: (message) => ({ check, state: "ok", message }),
    note: (message) => ({ check, state: "note", message }),
    fix: (message) => ({ check, state: "fix", message }),
  };
}
