import { SessionError } from "../platform/errors.js";
import type { TenantLimit } from "../types/backend.js";
import { toMovedName, toTenantName } from "./tenant-name.js";

/** Whose sessions they are. */
export interface Tenant {
  /** As the app names it; `null` for none. */
  readonly id: string | null;
  /** As records and tokens name it; `null` for none. */
  readonly name: string | null;
  /** What records are under that only tell where a session has gone. */
  readonly movedName: string | null;
  /** Stands before the handle in the ids of records. */
  readonly idPrefix: string;
  /** How many sessions there may be; `null`: as many as come. */
  readonly limit: Omit<TenantLimit, "replaces"> | null;
}

/** Sessions that belong to no tenant. */
export const noTenant: Tenant = Object.freeze({
  id: null,
  name: null,
  movedName: null,
  idPrefix: "",
  limit: null,
});

/** How a kind keeps its tenants apart, as its schema says. */
export interface TenancyOptions {
  /** Stands before the handle in the ids of records, the tenant in the place of `{tenantId}`; `"tenant:{tenantId}:session:"` when left out. */
  readonly prefix?: string;
  /** How many sessions a tenant may have; as many as come when left out. */
  readonly maxSessions?: number;
  /** What becomes of one more: it is refused (when left out), or the oldest goes. */
  readonly onLimit?: "refuse" | "oldest";
  /** Refuses every call without a tenant; when `false`, such calls are about the sessions that belong to none. */
  readonly strict?: boolean;
}

/** What the runtime made of them. */
export interface Tenancy {
  readonly isStrict: boolean;
  /** Throws `SessionError` `"invalid"` for what is no id of a tenant. */
  tenantOf(tenantId: string): Tenant;
}

/** Throws `SessionError` `"config"` for impossible options. */
export function resolveTenancy(options: TenancyOptions): Tenancy {
  const { prefix = "tenant:{tenantId}:session:", maxSessions, onLimit = "refuse", strict = true } = options;
  const [before, after, ...more] = prefix.split("{tenantId}");
  if (before === undefined || after === undefined || more.length > 0 || !prefixGrammar.test(before + after)) {
    throw new SessionError(
      "config",
      "The prefix of tenancy must hold {tenantId} once, and beside it at most 200 letters, digits and : . _ - / |.",
    );
  }
  if (maxSessions !== undefined && (!Number.isSafeInteger(maxSessions) || maxSessions < 1)) {
    throw new SessionError("config", "The maxSessions of tenancy must be a whole number of at least 1.");
  }
  return {
    isStrict: strict,
    tenantOf(tenantId) {
      const name = toTenantName(tenantId);
      return {
        id: tenantId,
        name,
        movedName: toMovedName(name),
        idPrefix: before + name + after,
        limit: maxSessions === undefined ? null : { tenant: name, max: maxSessions, onLimit },
      };
    },
  };
}

/** With the name and a handle, which is always as long, no two of these can be taken for each other. */
const prefixGrammar = /^[A-Za-z0-9:._/|-]{0,200}$/;
