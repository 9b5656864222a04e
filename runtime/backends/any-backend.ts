import { SessionError } from "../platform/errors.js";
import { type OptionType, withMethods } from "../platform/options.js";
import type { BackendAbilities, SessionBackend } from "../types/backend.js";

const methods = ["create", "load", "save", "touch", "delete", "exists"] as const;

/** An option that takes a backend of any kind. */
export const anyBackend: OptionType = withMethods("a backend", ...methods);

/** What there is to say to who forgot one. */
export const ofTheApp = "What the schema leaves to the app, as custom() does its backend, is given there.";

/** The backend that an app gives, in JavaScript perhaps, where no compiler has looked at it. Throws `SessionError` `"config"` for what is none. */
export function checkedBackend<A extends BackendAbilities>(backend: SessionBackend<A>): SessionBackend<A> {
  if (!isObject(backend))
    throw new SessionError("config", `createSessions was given no backend. ${ofTheApp}`);
  const missing = methods.filter((method) => typeof backend[method] !== "function");
  if (missing.length === 0 && isObject(backend.abilities)) return backend;
  const what = missing.length === 0 ? "abilities" : `${missing.join(", ")}`;
  throw new SessionError("config", `The backend that createSessions was given is none: it has no ${what}.`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
