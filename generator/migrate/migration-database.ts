import type { Kysely } from "kysely";
import type { DialectName } from "./location.js";

/** A database to migrate. */
export interface MigrationDatabase {
  readonly db: Kysely<unknown>;
  readonly dialect: DialectName;
  /** Whether a step that fails is undone. Else it goes on where it stopped when it is run again. */
  readonly undoesSteps: boolean;
  /** Works while no other process does so. A process that is killed holds nobody up. */
  exclusively<T>(work: (db: Kysely<unknown>) => Promise<T>): Promise<T>;
  /** The steps that were begun, up or down, and did not come to their end. Reads only. */
  readBegun(db: Kysely<unknown>): Promise<readonly string[]>;
  /** Runs a step and notes it. */
  runStep(db: Kysely<unknown>, step: BegunStep): Promise<void>;
}

/** A step that is about to run, in one direction. */
export interface BegunStep {
  readonly name: string;
  /** Whether it was begun before, in whichever direction: then it finds some of its work done, or undone. */
  readonly isBegun: boolean;
  readonly run: () => Promise<void>;
  /** Notes that it has run. */
  readonly note: () => Promise<void>;
}
