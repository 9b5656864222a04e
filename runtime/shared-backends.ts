import type { BackendAbilities, SessionBackend } from "./types/backend.js";

/** A backend on loan. */
export interface LentBackend<A extends BackendAbilities> {
  readonly backend: SessionBackend<A>;
  /** Gives it back; closes it when nobody else has it. */
  release(): Promise<void>;
}

const registryName = Symbol.for("session-gen.backends");

interface Entry {
  readonly backend: SessionBackend;
  borrowers: number;
}

// On globalThis, since a development server evaluates modules anew after each change.
const globals = globalThis as { [registryName]?: Map<string, Entry> };
const registry = globals[registryName] ?? new Map<string, Entry>();
globals[registryName] = registry;

/**
 * Lends the backend that is open for the same kind of session in the same place, else the one given. Only outside
 * production, where modules that are evaluated again would leak connections and lose what is in memory.
 */
export function lendBackend<A extends BackendAbilities>(
  kind: string,
  own: SessionBackend<A>,
): LentBackend<A> {
  const close = async (): Promise<void> => own.close?.();
  if (own.place === undefined || process.env["NODE_ENV"] === "production")
    return { backend: own, release: close };
  const name = `${kind} ${own.place}`;
  const entry = registry.get(name) ?? { backend: own, borrowers: 0 };
  registry.set(name, entry);
  entry.borrowers += 1;
  let isReleased = false;
  return {
    backend: entry.backend as SessionBackend<A>,
    async release() {
      if (isReleased) return;
      isReleased = true;
      entry.borrowers -= 1;
      if (entry.borrowers > 0) return;
      registry.delete(name);
      await entry.backend.close?.();
    },
  };
}
