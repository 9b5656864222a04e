import { SessionError } from "../platform/errors.js";
import { assertOptions, callable, flag, type OptionTypes, withMethods } from "../platform/options.js";
import { type CsrfRule, resolveCsrf } from "../transport/csrf/csrf-rule.js";
import { type AdapterOptions, adapterFault, type SessionsForAdapters } from "./exchange.js";

const types: OptionTypes<AdapterOptions<never, never>> = {
  csrf: {
    words: "true, false or an object",
    accepts: (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
  },
  ...{ trustProxy: flag, tenant: callable, skip: callable, readOnly: callable, onError: callable },
  adopt: withMethods("what fromExpressSession(…) gives", "presented", "find"),
};

/** What an adapter was given. */
export interface GivenToAdapter<Options extends AdapterOptions<never, never>> {
  /** The adapter, as a message names it. */
  readonly name: string;
  readonly sessions: SessionsForAdapters<unknown>;
  readonly options: Options | undefined;
  /** The types of the options that not all adapters have. */
  readonly more: OptionTypes<Omit<Options, keyof AdapterOptions<never, never>>>;
}

/**
 * Looks at what an adapter is made of, which code without types may get wrong, and gives the rule of its option `csrf`. Throws `SessionError` `"config"`:
 * what protects is not to be missing because it was misspelt, nor a mistake to be met at the first request.
 */
export function checkAdapter<Options extends AdapterOptions<never, never>>({
  name,
  sessions,
  options,
  more,
}: GivenToAdapter<Options>): CsrfRule | null {
  const fault = adapterFault(sessions, options);
  if (fault !== undefined) throw fault;
  if (options === undefined) return null;
  assertOptions<object>(name, options, { ...types, ...more });
  return resolveCsrf(options);
}

/** Throws `SessionError` `"config"` for the handler of an adapter that is no function. */
export function assertHandler(name: string, handler: unknown): void {
  if (typeof handler === "function") return;
  throw new SessionError(
    "config",
    `${name} needs a function after the sessions, which answers the requests.`,
  );
}
