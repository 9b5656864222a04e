import { resolveTenancy, type Tenancy, type TenancyOptions, type Tenant } from "./store/tenant.js";
import { refuseWithoutTenant } from "./without-tenant.js";

/** Sessions whose kind keeps tenants apart. */
export type Tenanted<All, Own> = All & {
  /**
   * The sessions of one tenant, under whatever id the app has for it. Cheap enough to be made for every request. Throws
   * `SessionError` `"invalid"` for an id that is empty, or no text.
   */
  forTenant(tenantId: string): Own;
};

/**
 * Adds `forTenant` to the sessions of a kind that keeps tenants apart; others stay as they are. Throws `SessionError`
 * `"config"` for an impossible tenancy.
 */
export function withTenants<All extends { readonly name: string }, Own>(
  sessions: All,
  options: TenancyOptions | undefined,
  open: (tenant: Tenant) => Own,
): All | Tenanted<All, Own> {
  if (options === undefined) return sessions;
  const tenancy: Tenancy = resolveTenancy(options);
  const root = tenancy.isStrict ? refuseWithoutTenant(sessions) : sessions;
  return Object.assign(root, { forTenant: (tenantId: string) => open(tenancy.tenantOf(tenantId)) });
}
