import { SessionError } from "./platform/errors.js";

/** What begins with a tenant, by how it fails without one. */
const throwing = ["create", "openNow", "find"] as const;
const rejecting = ["openAdopting", "load", "open", "exists", "delete", "count", "revoke"] as const;

/**
 * Has sessions refuse what they do for one client or by a filter, each call with `SessionError` `"config"`: a tenant is to
 * be named first. What is about everyone stays (`revokeAll`, `cleanupExpired`), and what a session or a request at hand
 * says for itself (`commit`, `of`). Adapters see that they need a tenant when they are made.
 */
export function refuseWithoutTenant<T extends { readonly name: string }>(sessions: T): T {
  const refuse = (): never => {
    throw new SessionError(
      "config",
      `Each ${sessions.name} belongs to a tenant: call forTenant(id) first, give the adapter its option tenant, or declare tenancy with strict: false.`,
    );
  };
  const refuseLater = async (): Promise<never> => refuse();
  const refusals = [
    ...throwing.map((name) => [name, refuse] as const),
    ...rejecting.map((name) => [name, refuseLater] as const),
  ];
  const own = refusals.filter(([name]) => name in sessions);
  return Object.assign(sessions, Object.fromEntries(own), { isTenantNeeded: true });
}
