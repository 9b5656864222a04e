import type { Settings } from "../model/model.js";
import { currentText } from "../stores/current-text.js";
import { type Finding, findingsOf } from "./finding.js";

/** What the cookie lets happen that a default cookie does not. */
export function checkCookie({ cookie = {} }: Settings): readonly Finding[] {
  const found = [...droppedFor(cookie), ...looserThanDefault(cookie)];
  return found.length > 0 ? found : [findingsOf("cookie").ok("secure, httpOnly, for this host only")];
}

function looserThanDefault(cookie: NonNullable<Settings["cookie"]>): readonly Finding[] {
  const { note } = findingsOf("cookie");
  const { secure, httpOnly, sameSite, domain, name, path } = cookie;
  const isHostOnly = secure !== false && domain === undefined && (path === undefined || path === "/");
  const isPrefixed = name === undefined || /^__(?:host|secure)-/i.test(currentText(name) ?? "__Host-");
  return [
    ...(secure === false
      ? [
          note(
            "secure: false sends it over plain http too, where anyone on the way reads it. Leave it out in production",
          ),
        ]
      : []),
    ...(httpOnly === false
      ? [note("httpOnly: false lets every script on the page read the key. Leave it out")]
      : []),
    ...(sameSite === "none"
      ? [
          note(
            'sameSite: "none" sends it with requests that other sites make: check a CSRF token (the adapter option csrf), or choose "lax"',
          ),
        ]
      : []),
    ...(domain !== undefined
      ? [
          note(
            "domain gives it to every subdomain, and lets each of them set it. Leave it out unless they share the session",
          ),
        ]
      : []),
    ...(isHostOnly && !isPrefixed
      ? [
          note(
            "its name has no __Host- prefix, so that a subdomain can set one of that name. Leave name out, or begin it with __Host-",
          ),
        ]
      : []),
  ];
}

/** Whether browsers drop a cookie whose name the environment gives; the schema's own names are refused when it is read. */
function droppedFor({
  name,
  secure,
  httpOnly,
  path,
  domain,
}: NonNullable<Settings["cookie"]>): readonly Finding[] {
  const text = typeof name === "object" ? (currentText(name) ?? "").toLowerCase() : "";
  const isHost = text.startsWith("__host-");
  const demands = [
    ...(secure === false && /^__(?:host|secure|http)-/.test(text) ? ["with Secure"] : []),
    ...(httpOnly === false && /^__(?:host-)?http-/.test(text) ? ["with HttpOnly"] : []),
    ...(isHost && domain !== undefined ? ["without a domain"] : []),
    ...(isHost && path !== undefined && currentText(path) !== "/" ? ['for the path "/"'] : []),
  ];
  return demands.map((demand) =>
    findingsOf("cookie").fix(
      `its name comes from the environment and begins as browsers take only ${demand}. Choose another name`,
    ),
  );
}

/** How tenants are kept apart; nothing where there are none. */
export function checkTenancy({ tenancy }: Settings): readonly Finding[] {
  if (tenancy === undefined) return [];
  const { ok, note } = findingsOf("tenancy");
  if (tenancy.strict === false)
    return [
      note(
        "strict: false lets a request without a tenant through, with sessions of no tenant. Leave it out unless that is meant",
      ),
    ];
  return [ok("each tenant's sessions are apart, and a request without a tenant is refused")];
}
