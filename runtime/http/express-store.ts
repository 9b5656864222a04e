import { createOwnScan } from "../admin/search.js";
import { SessionError } from "../platform/errors.js";
import { RecentIds } from "../platform/recent-ids.js";
import { type DataOf, type SessionOf, stateOf } from "../session/dictionary.js";
import type { Sessions } from "../sessions.js";
import { ReferenceStore } from "../token/by-reference.js";
import { withoutSessions } from "./exchange.js";
import { BagStore } from "./express-store/bag-store.js";
import { ExpressStore } from "./express-store/store.js";

export type { ExpressStore } from "./express-store/store.js";
export { expressStoreBackend, type ForeignStore } from "./express-store/store-backend.js";

const known = new WeakMap<object, RecentIds>();

/**
 * A store for express-session and @fastify/session that keeps their sessions as those of a kind of ours: fields of
 * the shape are typed, checked and indexed; the cookie and all other members are kept in one field that nobody else
 * sees, as JSON. A sid is only stored as a hash. `cookie.maxAge` is the idle time, bounded by the absolute limit of
 * the kind; without one the kind's own holds. One that is over, as by `maxAge = 0`, ends the session. Reading moves the
 * expiry no more often than `touchAfter` says.
 *
 * A session that was destroyed, revoked or has expired while a request ran is not written back: `set` fails with
 * `SessionError` `"gone"`. Under express-session, requests at the same time that change different members keep all
 * of them; @fastify/session does not tell what it read, so there the last one counts. Keys are changed by
 * `regenerate` of the library, never by the rotation of the kind.
 *
 * Throws `SessionError` `"config"` when a field is named `cookie`, and express-session gets it where one is named as its own `id`
 * or `req`. `"unsupported"` for sessions without a backend, and for `bincode`, which has no place for members that are no fields.
 */
export function expressStore<S extends SessionOf<DataOf<S>>>(sessions: Sessions<S>): ExpressStore {
  if (typeof sessions?.create !== "function") throw withoutSessions();
  const { context } = stateOf(sessions.create());
  const store = context.store.watched ?? context.store;
  if (!(store instanceof ReferenceStore)) {
    throw new SessionError(
      "unsupported",
      "A store needs sessions that are kept in a backend, not in a cookie.",
    );
  }
  if (context.format.codec.readsShape !== undefined) {
    throw new SessionError(
      "unsupported",
      `A store keeps members that are no fields of the schema, and the codec ${context.format.codec.name} has no place for them. Choose json, cbor, msgpack or protobuf.`,
    );
  }
  if (context.fields.find("cookie") !== undefined) {
    throw new SessionError(
      "config",
      'A field cannot be named "cookie" here: express-session has its own of that name.',
    );
  }
  const ids = known.get(sessions) ?? new RecentIds();
  known.set(sessions, ids);
  // Those of no tenant end everyone's by `revokeAll`, and their store shall not.
  const scan = "forTenant" in sessions ? createOwnScan(store.backend, context) : sessions;
  const revokeAll = "revokeAll" in scan ? scan.revokeAll : undefined;
  const canScan = store.backend.abilities.scan !== undefined && revokeAll !== undefined;
  return new ExpressStore(new BagStore(store, { told: context.store, known: ids }), {
    fields: context.fields.all.map(({ name }) => name),
    canScan,
    clear: async () => {
      if (typeof revokeAll === "function") await revokeAll();
    },
  });
}
