import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSessions, type SessionSink, type SessionsFor } from "../../../runtime/index.js";
import type { Findable, SessionBackend } from "../../../runtime/types/backend.js";
import type { AnySession, CodeVersion } from "./code-version.js";

/** A place that several versions of the code share. */
export type SharedBackend = SessionBackend<{ readonly find: Findable }>;

/** The index of `rolling`, which the second version has renamed. */
interface Indexed {
  readonly userId?: number;
  readonly accountId?: number;
}

/** The sessions of a version of the code, and what it has complained of. */
export interface Deployment {
  readonly sessions: SessionsFor<AnySession, Indexed, { readonly find: Findable }>;
  readonly warnings: readonly string[];
  /** What was counted as invalid. */
  readonly invalid: readonly string[];
  /** The session of a key, which must be there. */
  read(key: string): Promise<AnySession>;
  /** Its data as the app sees it, redacted fields apart. */
  data(key: string): Promise<Record<string, unknown>>;
  /** Changes a session as a request does. */
  write(key: string, change: (session: AnySession) => void): Promise<void>;
  /** Stores a session; its key. */
  store(data: Record<string, unknown>): Promise<string>;
}

/** Runs several versions of the code over one place. */
export function deploy(
  versions: readonly CodeVersion[],
  backend: SharedBackend = createMemoryBackend(),
): readonly Deployment[] {
  return versions.map((version) => deployOne(version, backend));
}

function deployOne({ kind }: CodeVersion, backend: SharedBackend): Deployment {
  const warnings: string[] = [];
  const invalid: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  const sink: SessionSink = (event) => {
    if (event.type === "invalid") invalid.push(event.what);
  };
  const sessions: Deployment["sessions"] = openSessions(
    kind,
    { backend, logger, sinks: [sink] },
    () => backend,
  );
  const read = async (key: string): Promise<AnySession> => {
    const session = await sessions.load(key);
    if (session === null) throw new Error(`logged out: ${warnings.join("; ")}`);
    return session;
  };
  return {
    sessions,
    warnings,
    invalid,
    read,
    data: async (key) => (await read(key)).toObject(),
    async write(key, change) {
      const session = await read(key);
      change(session);
      await session.save();
    },
    async store(data) {
      const session = sessions.create(data);
      return await session.ensureKey();
    },
  };
}
