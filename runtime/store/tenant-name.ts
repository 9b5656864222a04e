import { sha256Hex } from "../platform/built-ins.js";
import { SessionError } from "../platform/errors.js";

/** How long the name of a tenant gets before it is a hash: some backends bound their keys. */
const longestName = 100;

/**
 * The id of a tenant, whatever the app calls it, as records, tokens and keys name it. No two ids have one name, also
 * not where upper and lower case are one, and a name holds only `a-z`, `0-9`, `_`, `-` and `=`, which are nothing
 * special to patterns, file systems and databases. Those that an id is made of stay; any other UTF-16 unit becomes
 * `=` and two hexadecimal digits, or `==` and four; a name that would be longer than 100 becomes `=x` and a SHA-256.
 * Throws `SessionError` `"invalid"` for an id that is empty, or no text.
 */
export function toTenantName(tenantId: string): string {
  // Without types it may be anything: what a request does not have, a promise.
  if (typeof tenantId !== "string" || tenantId === "") throw notATenant();
  if (plainGrammar.test(tenantId)) return tenantId;
  const name = tenantId.length > longestName ? null : tenantId.replace(/[^a-z0-9_-]/g, escapeUnit);
  // As JSON, in which the halves of surrogate pairs are told apart.
  return name === null || name.length > longestName ? `=x${sha256Hex(JSON.stringify(tenantId))}` : name;
}

/**
 * What records are under that only tell where a session of the tenant has gone: they take no room of the tenant's, but
 * whoever ends all its sessions has to see them.
 */
export function toMovedName(tenantName: string): string {
  return `${tenantName}=m`;
}

const plainGrammar = new RegExp(`^[a-z0-9_-]{1,${longestName}}$`);

function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x100 ? `=${toHex(code, 2)}` : `==${toHex(code, 4)}`;
}

function toHex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function notATenant(): SessionError {
  return new SessionError(
    "invalid",
    "The id of a tenant must be a text of at least one character, not a promise of it: it is what forTenant gets, or the adapter's option tenant gives.",
  );
}
