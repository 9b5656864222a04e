import { CommandError } from "../command.js";
import type { LoadedModel } from "../load/load-model.js";
import { importRuntime } from "./project-runtime.js";
import { openGenerated } from "./project-sessions.js";
import type { OpenedStore } from "./store.js";

/** What a reindex did, as the runtime reports it. */
export interface ReindexReport {
  readonly outcome: "complete" | "changing" | "stopped";
  readonly passes: number;
  readonly sessions: number;
  readonly updated: number;
  readonly unreadable: number;
}

/** How far it has come. */
export interface ReindexProgress {
  readonly pass: number;
  readonly seen: number;
  readonly updated: number;
}

/** How a reindex goes on, and who hears of it. */
export interface ReindexRequest {
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReindexProgress) => void;
}

/** An index, and whether a search by it finds every session without looking at all of them. */
export interface IndexState {
  readonly field: string;
  readonly isComplete: boolean;
}

/** A store of a schema, with the sessions that its generated code makes over it. */
export interface IndexedStore {
  states(): Promise<readonly IndexState[]>;
  reindex(request: ReindexRequest): Promise<ReindexReport>;
}

/** What the project's own runtime and generated code do with the indexes of a store. Throws `CommandError` when there is no output. */
export async function openIndexes(schema: LoadedModel, { backend }: OpenedStore): Promise<IndexedStore> {
  const call = await importRuntime(schema.file);
  const sessions = await openGenerated({ schema, store: backend });
  return {
    states: async () => {
      const states = await call("indexStates", { sessions, backend });
      if (Array.isArray(states) && states.every(isState)) return states;
      throw unknownAnswer();
    },
    reindex: async (request) => {
      const report = await call("reindexSessions", { ...request, sessions, backend });
      if (isReport(report)) return report;
      throw unknownAnswer();
    },
  };
}

/** One line for a person. */
export function describeReindex({ outcome, sessions, updated, unreadable }: ReindexReport): string {
  const done = `${sessions} sessions, ${updated} brought up to date${unreadable > 0 ? `, ${unreadable} unreadable ones left as they are` : ""}.`;
  return {
    complete: `${done} The indexes are complete.\n`,
    stopped: `${done} Stopped: run it again to finish.\n`,
    changing: `${done} Others keep writing without the index: stop every older version of the app and run it again.\n`,
  }[outcome];
}

function unknownAnswer(): CommandError {
  return new CommandError("The runtime answers a reindex with what this command does not know.");
}

function isState(value: unknown): value is IndexState {
  return typeof value === "object" && value !== null && "field" in value && "isComplete" in value;
}

function isReport(value: unknown): value is ReindexReport {
  return typeof value === "object" && value !== null && "outcome" in value && "updated" in value;
}
