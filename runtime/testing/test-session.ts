import { SessionError } from "../platform/errors.js";
import type { DataOf, PatchOf, SessionOf } from "../session/dictionary.js";
import type { BaseSessions } from "../sessions.js";

/** A session that is stored, and what its client sends. */
export interface TestSession<S> {
  readonly session: S;
  /** Ready for a `Cookie` header: `name=value`. */
  readonly cookie: string;
}

/** Stores a session with this data, as if a request had; for tests of what needs a signed-in user. */
export async function createTestSession<S extends SessionOf<DataOf<S>> & { save(): Promise<void> }>(
  sessions: BaseSessions<S>,
  data: PatchOf<DataOf<S>> = {},
): Promise<TestSession<S>> {
  const session = sessions.create(data);
  await session.save();
  const headers = await sessions.commit(session);
  const cookies = headers.flatMap(([name, value]) => (name === "Set-Cookie" ? [value.split(";", 1)[0]] : []));
  if (cookies.length === 0)
    throw new SessionError("config", `The ${sessions.name} was saved without a cookie.`);
  return { session, cookie: cookies.join("; ") };
}
