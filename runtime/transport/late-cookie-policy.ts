import { isReference } from "../platform/env.js";
import { assertOptions, duration, flag, mergeOptions, type OptionTypes, text } from "../platform/options.js";
import { warnOnce } from "../platform/warner.js";
import type { SessionContext } from "../session/context.js";
import { type CookieOptions, type CookiePolicy, resolveCookiePolicy } from "./cookie-policy.js";

const types: OptionTypes<CookieOptions> = {
  ...{ name: text, path: text, domain: text, secure: flag, httpOnly: flag, sameSite: text },
  ...{ maxAge: duration, partitioned: flag, priority: text, chunks: flag },
};

/** Whether an option of the cookie comes from the environment, which is not read before first use. */
export function waitsForEnvironment(...options: readonly (CookieOptions | undefined)[]): boolean {
  return Object.values(mergeOptions(...options)).some(isReference);
}

/**
 * The cookie policy of a kind: resolved at first use when it has to wait for the environment, else now, so that mistakes
 * show at start. A cookie that is not secure is warned of.
 */
export function createLateCookiePolicy(
  context: SessionContext,
  ...options: readonly (CookieOptions | undefined)[]
): () => CookiePolicy {
  const merged = mergeOptions(...options);
  assertOptions("cookie", merged, types);
  let policy = waitsForEnvironment(merged) ? undefined : resolveCookiePolicy(merged, context.name);
  if (merged.secure === false) {
    warnOnce(
      context,
      `The ${context.name} cookie is sent over plain HTTP too (cookie.secure is false): for development only.`,
    );
  }
  return () => {
    policy ??= resolveCookiePolicy(merged, context.name);
    return policy;
  };
}
