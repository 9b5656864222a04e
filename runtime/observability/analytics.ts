import { SessionError } from "../platform/errors.js";
import { handleIn } from "../token/session-key.js";
import type { SessionEvent, SessionHappening, SessionSink } from "../types/session-event.js";

/** Where what happens to the sessions of a kind is told. */
export interface Analytics {
  /** Tells all sinks. Never throws. */
  note(happening: SessionHappening): void;
  /** Makes the sinks ready; rejects when one cannot be. */
  ready(): Promise<void>;
}

/** The analytics of a kind; `undefined` without a sink, so that nothing is spent on what nobody hears. */
export function createAnalytics(
  kind: string,
  sinks: readonly SessionSink[],
  warn: (message: string) => void,
): Analytics | undefined {
  if (sinks.length === 0) return undefined;
  const listeners = sinks.map((sink) => createListener(sink, kind, warn));
  return {
    note(happening) {
      const event: SessionEvent = Object.freeze({ kind, ...withPlainHandle(happening) });
      for (const listen of listeners) listen(event);
    },
    async ready() {
      await Promise.all(sinks.map((sink) => (typeof sink === "function" ? undefined : sink.ready?.())));
    },
  };
}

/** A handle without its tenant, which what happened may have been told under. */
function withPlainHandle(happening: SessionHappening): SessionHappening {
  if (!("handle" in happening) || happening.handle === null) return happening;
  return { ...happening, handle: handleIn(happening.handle) };
}

/** Tells one sink; that it fails is said once, and hurts nobody. */
function createListener(
  sink: SessionSink,
  kind: string,
  warn: (message: string) => void,
): (event: SessionEvent) => void {
  let isReported = false;
  const report = (error: unknown): void => {
    if (isReported) return;
    isReported = true;
    // Only our own messages are known to hold no secrets.
    const what = error instanceof SessionError ? `: ${error.message}` : ".";
    warn(`A sink of the ${kind} analytics fails, and what it should hear is lost; said once${what}`);
  };
  return (event) => {
    try {
      const answer = typeof sink === "function" ? sink(event) : sink.note(event);
      if (typeof answer === "object" && answer !== null) Promise.resolve(answer).catch(report);
    } catch (error) {
      report(error);
    }
  };
}
