import { copyData } from "../../record/copy-data.js";
import { endNow } from "../../session/act.js";
import { stateOf } from "../../session/dictionary.js";
import {
  type AdapterOptions,
  type HeaderList,
  openSession,
  type ResponseState,
  type SessionsForAdapters,
} from "../exchange.js";
import type { Turns } from "../node-exchange.js";
import { addCallbacks, keepReadable } from "./session-callbacks.js";

/** Stores the sessions of a request. */
export type CommitTurn = (state: ResponseState) => HeaderList | Promise<HeaderList>;

/** What a request's sessions are taken from, and where they are put. */
export interface SessionPlace<S extends object, Request extends object> {
  readonly sessions: SessionsForAdapters<S>;
  readonly options: Pick<AdapterOptions<Request, never>, "tenant" | "adopt"> | undefined;
  readonly request: Request;
  /** Shows a session to the app, where it does not look for it on the request. */
  readonly put?: (session: S) => void;
}

/** The turns of a request whose session takes callbacks: `regenerate` ends it and puts a new one in its place. */
export function replaceable<S extends object, Request extends object>(
  place: SessionPlace<S, Request>,
  { handle, ...turns }: Turns<S>,
): Turns<S> & { readonly commit: CommitTurn } {
  const { sessions, options, request, put } = place;
  const ended: S[] = [];
  let current: S | undefined;
  const show = (session: S): void => {
    current = session;
    addCallbacks(session, async (kept) => {
      const fields = fieldsOf(session);
      await endNow(stateOf(session));
      keepReadable(session, fields);
      ended.push(session);
      const next = await openSession(sessions, options, request, undefined);
      show(next);
      for (const [name, value] of fields) if (kept.includes(name)) Reflect.set(next, name, value);
    });
    put?.(session);
  };
  return {
    ...turns,
    handle: (session, fail) => {
      if (session !== undefined) show(session);
      return handle(session, fail);
    },
    commit: async (state) => (current === undefined ? [] : commitAll(sessions, [current, ...ended], state)),
  };
}

/** Stores the session and those that it took the place of: one cookie for the client. */
async function commitAll<S>(
  sessions: SessionsForAdapters<S>,
  all: readonly S[],
  state: ResponseState,
): Promise<HeaderList> {
  let headers: HeaderList = [];
  for (const session of all) {
    const own = await sessions.commitNow(session, state);
    // What takes the cookie of an ended session back would take that of its successor.
    if (!headers.some(([name]) => name === "Set-Cookie")) headers = [...headers, ...own];
  }
  return headers;
}

/** The fields that were set. */
function fieldsOf(session: object): readonly (readonly [name: string, value: unknown])[] {
  const state = stateOf(session);
  const data = copyData(state);
  return state.values.names().map((name) => [name, data[name]] as const);
}
