import type { SessionContext } from "../session/context.js";
import type { SessionLogger } from "../session-kind.js";

/**
 * Says one text to a logger. What the logger throws, or rejects with, is heard by nobody: neither a request nor the process
 * is to end because the disk of the log is full.
 */
export function createWarner(logger: SessionLogger = console): (message: string) => void {
  return (message) => {
    try {
      const answer: unknown = logger.warn(message);
      if (answer instanceof Promise) answer.catch(() => {});
    } catch {
      // Nobody is left to tell.
    }
  };
}

const warned = new Set<string>();

/** Warns of something once in the life of the process. */
export function warnOnce({ warn }: Pick<SessionContext, "warn">, message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  warn(message);
}
