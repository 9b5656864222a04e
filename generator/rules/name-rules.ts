import { kindNames } from "../emit/kind-names.js";
import type { Option } from "./option.js";
import { readPlainText } from "./read-value.js";

/** Names that generated code or the language has already, in the form of a class name. */
const takenNames: ReadonlySet<string> = new Set([
  ...["Sessions", "SessionData", "SessionPatch", "SessionFilter", "SessionKind", "SessionsFor"],
  ...["SessionsOptions", "SessionBackend", "SessionError", "CreateSessionsOptions", "BaseSession"],
  ...["BackendAbilities", "MemoryAbilities", "CacheAbilities", "RedisAbilities", "DatabaseAbilities"],
  ...["FileAbilities", "SessionAbilities", "CacheClient", "RedisClient", "DatabaseClient"],
  ...["Findable", "Listable", "Sweepable", "WireProblem", "CheckWire"],
  ...["SealedSessions", "SealedSessionsOptions", "RevocableSessions"],
  ...["Tenanted", "TenantedKind", "TenantedSessionsFor"],
  ...["Shape", "Date", "Uint8Array", "Record", "Partial", "Readonly", "Array", "Object", "Error", "Promise"],
  ...["String", "Number", "Boolean", "Function", "Symbol", "Map", "Set", "Request", "Response"],
  "FastifyRequest",
]);

/** What requests of Node, Express and Fastify have already, and objects: the session is a property of the request. */
const requestMembers: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...["aborted", "complete", "connection", "destroyed", "headers", "method", "socket", "trailers", "url"],
  ...["httpVersion", "rawHeaders", "rawTrailers", "signal", "statusCode", "statusMessage", "readable"],
  ...["on", "once", "off", "emit", "pipe", "read", "pause", "resume", "push", "wrap", "destroy", "closed"],
  ...["accepts", "app", "body", "cookies", "fresh", "get", "header", "host", "hostname", "ip", "ips", "is"],
  ...["next", "params", "path", "protocol", "query", "range", "res", "route", "secure", "signedCookies"],
  ...["baseUrl", "originalUrl", "stale", "subdomains", "xhr", "user", "login", "logout"],
  ...["id", "is404", "log", "port", "raw", "routeOptions", "server", "context", "validationError", "file"],
]);

/** The kind's name, `session` unless given: a camelCase identifier that classes, cookies and tables are named after. */
export function readName(option: Option): string {
  const name = readPlainText(option) ?? "session";
  if (!/^[a-z][A-Za-z0-9]{0,39}$/.test(name)) {
    option.refuse('it must be a camelCase word of letters and digits, at most 40, such as "adminSession"');
  } else if (requestMembers.has(name)) {
    option.refuse(`a request has its own \`${name}\`; choose another name, such as "adminSession"`);
  } else if (isTaken(name)) {
    option.refuse(
      `the class of "${name}" would have a name that is taken; choose another, such as "adminSession"`,
    );
  }
  return name;
}

function isTaken(name: string): boolean {
  const { session, sessions } = kindNames(name);
  return takenNames.has(session) || (name !== "session" && takenNames.has(sessions));
}
