/** Why nothing can be generated: the change breaks stored sessions, or a person has to decide. */
export interface Obstacle {
  readonly status: "breaking" | "undecided";
  readonly message: string;
  /** The option of the schema that it is about, and for `shape` the field; absent for the schema as a whole. */
  readonly about?: readonly string[];
}

/** For a change that no migration can follow yet. */
export function notYet(status: Obstacle["status"], what: string, about: readonly string[]): Obstacle {
  return {
    status,
    about,
    message: `${what}. Such a change is not yet in this version of session-gen: undo it; or, while no session is worth keeping, delete the model file, the output and the migrations, and generate anew.`,
  };
}
