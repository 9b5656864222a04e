import { ofTheApp } from "./backends/any-backend.js";
import { SessionError } from "./platform/errors.js";
import {
  anyValue,
  assertOptions,
  callable,
  duration,
  group,
  listOf,
  logger,
  type OptionType,
  type OptionTypes,
  orFalse,
} from "./platform/options.js";
import type { StoredSessionsOptions } from "./session-kind.js";

const sink: OptionType = {
  words: "a function, or an object with the method note",
  accepts: (value) =>
    typeof value === "function" ||
    (typeof value === "object" && value !== null && "note" in value && typeof value.note === "function"),
};

/** Backends and keys are looked at where they are used, and what is inside of a group where that is resolved. */
const types: OptionTypes<StoredSessionsOptions> = {
  ...{ backend: anyValue, keys: anyValue },
  ...{ cookie: group, expiry: group, rotation: orFalse(group), deadline: duration },
  ...{ clock: callable, logger, sinks: listOf(sink) },
};

/** What generated code takes besides, for what its schema names. */
const ofSchema = {
  ...{ redis: anyValue, kysely: anyValue, cache: anyValue, registry: anyValue },
  ...{ store: group, primary: group, secondary: group, revocation: group },
};

/** Throws `SessionError` `"config"` for options of `createSessions` that are none, as code without types may give. */
export function assertSessionsOptions(options: StoredSessionsOptions): void {
  if (typeof options !== "object" || options === null)
    throw new SessionError("config", `createSessions takes an object of options. ${ofTheApp}`);
  assertOptions("createSessions", options, { ...types, ...ofSchema });
}
