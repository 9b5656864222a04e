import { SessionError } from "../../platform/errors.js";
import type { SessionsForAdapters } from "../exchange.js";
import { readSlot, writeSlot } from "../request-slot.js";

/** The class of a kind's sessions, as it is generated. */
export type SessionClass<S> = abstract new (...parts: never[]) => S;

type Kind = Pick<SessionsForAdapters<unknown>, "name" | "slot">;

/** Where a request keeps the kinds that have seen it. */
const kindsSlot = Symbol("kinds");

/** Notes that a kind has seen a request of node:http. */
export function noteKind(request: object, kind: Kind): void {
  writeSlot(request, kindsSlot, [...kindsOf(request), kind]);
}

/**
 * The session of a request of node:http that is of this class, or, without one, of the kind `session`, or of the only kind
 * there is. `undefined` on a request that the option `skip` passed over. Throws `SessionError` `"config"` when no kind fits.
 */
export function sessionOf(request: object, Session?: SessionClass<object>): object | undefined {
  const kinds = kindsOf(request);
  if (kinds.length === 0) throw notRegistered();
  const sessions = kinds.map(({ slot }) => readSlot<object>(request, slot));
  if (Session !== undefined) {
    const found = sessions.find((session) => session instanceof Session);
    if (found === undefined && !sessions.includes(undefined)) throw notOfClass(Session.name, kinds);
    return found;
  }
  const [only, another] = kinds;
  const kind = kinds.find(({ name }) => name === "session") ?? (another === undefined ? only : undefined);
  if (kind === undefined) throw oneOfSeveral(kinds);
  return readSlot(request, kind.slot);
}

function kindsOf(request: object): readonly Kind[] {
  return readSlot<readonly Kind[]>(request, kindsSlot) ?? [];
}

function notRegistered(): SessionError {
  const message =
    "This request has no session: import SessionModule.forRoot({ sessions }) in the module of the app.";
  return new SessionError("config", message);
}

function notOfClass(name: string, kinds: readonly Kind[]): SessionError {
  const message = `No session of this request is of the class ${name}; there are: ${namesOf(kinds)}. Register its kind too: SessionModule.forRoot({ sessions }).`;
  return new SessionError("config", message);
}

function oneOfSeveral(kinds: readonly Kind[]): SessionError {
  const message = `This request has several sessions: ${namesOf(kinds)}. Say the class of the one that is meant: @CurrentSession(AdminSession).`;
  return new SessionError("config", message);
}

function namesOf(kinds: readonly Kind[]): string {
  return kinds.map(({ name }) => name).join(", ");
}
