import { SessionError } from "../platform/errors.js";
import { anyValue, assertOptions, callable, flag, plainText, withMethods } from "../platform/options.js";
import { isCookieName } from "../transport/cookie.js";
import {
  type AdoptableStore,
  type ExpressForeignParts,
  type OldSession,
  openReference,
  toForeignSession,
} from "./adopt/express-foreign.js";
import type { SessionAdoption } from "./adopt/find-adopted.js";
import { readSignedIds } from "./adopt/signed-cookie.js";

export type { AdoptableStore, OldSession } from "./adopt/express-foreign.js";
export type { SessionAdoption } from "./adopt/find-adopted.js";

/** Options of `fromExpressSession`: the first three are what express-session itself was given. */
export interface FromExpressSessionOptions<Patch extends object> {
  readonly store: AdoptableStore;
  /** Several, where it was being changed. */
  readonly secret: string | readonly string[];
  /** The name of its cookie. Default: `connect.sid`; that of @fastify/session is `sessionId`. */
  readonly name?: string;
  /**
   * What of an old session becomes a field of the new one; `null` when it is not to be adopted. Without it, the fields of the
   * same name. A date may be ISO text and a bigint decimal text, as JSON has them. It is given a copy, and may take that apart. What throws is as `null`, and is said in the log.
   * It is told the tenant whose session it is to be, by the id that the adapter's option `tenant` gave; `null` for none.
   */
  readonly map?: (session: OldSession, tenantId: string | null) => Patch | null | undefined;
  /**
   * Default: true. The old session lives on beside the new one, for processes that still run express-session: its expiry
   * moves along, and the one ends with the other. With `false` it is destroyed once it is adopted: for when there are no such
   * processes any more.
   */
  readonly keep?: boolean;
}

const types = {
  ...{
    store: withMethods("a store of express-session", "get", "destroy"),
    secret: anyValue,
    name: plainText,
  },
  ...{ map: callable, keep: flag },
};

/**
 * For the option `adopt` of an adapter: a request without a session of ours, but with the signed cookie of a live one of
 * express-session or @fastify/session, gets a new session with what fits the shape. Requests at once meet in one; and one that was ended is never
 * adopted again. Its life is what the old cookie's `maxAge` says, bounded by the kind's absolute limit.
 * Throws `SessionError` `"config"` for a secret or a name that cannot be.
 */
export function fromExpressSession<Patch extends object>(
  options: FromExpressSessionOptions<Patch>,
): SessionAdoption {
  assertOptions("fromExpressSession", options, types);
  const { store, secret, name = "connect.sid", keep = true } = options;
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (
    !Array.isArray(secrets) ||
    secrets.length === 0 ||
    secrets.some((one) => typeof one !== "string" || one === "")
  )
    throw new SessionError("config", "fromExpressSession needs the secret of express-session, or several.");
  if (!isCookieName(name))
    throw new SessionError("config", "fromExpressSession: name is no name of a cookie.");
  const parts = (milliseconds: number): ExpressForeignParts => ({
    store,
    secrets,
    map: options.map === undefined ? (session) => session : guarded(options.map),
    isKept: keep,
    milliseconds,
  });
  return {
    presented: (cookieHeader, milliseconds) =>
      readSignedIds(cookieHeader, name, secrets).map((signed) =>
        toForeignSession(signed, parts(milliseconds)),
      ),
    find(reference, milliseconds) {
      const signed = openReference(reference, secrets);
      return signed && toForeignSession(signed, parts(milliseconds));
    },
  };
}

/** What throws for one person's old session must not be an error on every request of theirs. */
function guarded<Patch extends object>(
  map: (session: OldSession, tenantId: string | null) => Patch | null | undefined,
): typeof map {
  return (session, tenantId) => {
    try {
      return map(session, tenantId);
    } catch (error) {
      const name = error instanceof Error ? error.name : "no Error";
      process.emitWarning(
        `The option map of fromExpressSession threw ${name}: that session is not adopted.`,
        {
          type: "SessionWarning",
        },
      );
      return null;
    }
  };
}
