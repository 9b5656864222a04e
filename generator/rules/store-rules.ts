import type {
  CustomModel,
  DatabaseModel,
  FileModel,
  MemoryModel,
  RedisModel,
} from "../model/backend-model.js";
import type { Text } from "../model/model.js";
import { isObject, type Option, readMembers } from "./option.js";
import { readPlace, readPlaces, readPlainPlace, requireGiven, requireText } from "./place-text.js";
import { readBoolean, readChoice, readCount } from "./read-value.js";
import { stated } from "./stated.js";

/** The options of `memory()`, checked. */
export function readMemory(options: Option): MemoryModel | undefined {
  const members = readMembers(options, ["maxSessions"]);
  return members && { backend: "memory", ...stated({ maxSessions: readCount(members.maxSessions) }) };
}

/** The ways to name Redis servers, of which one is to be chosen. */
const redisWays = ["url", "sentinels", "cluster"] as const;

/** The options of `redis()`, checked. */
export function readRedis(options: Option): RedisModel | undefined {
  const members = readMembers(options, [...redisWays, "prefix"]);
  if (!members) return undefined;
  const given = redisWays.filter((way) => members[way].value !== undefined);
  const [first, second] = given;
  // A url that stands there and is absent came from `process.env`.
  const isWritten = isObject(options.value) && Object.hasOwn(options.value, "url");
  if (first === undefined && isWritten) requireText(members.url);
  else if (first === undefined) options.refuse("it needs one of `url`, `sentinels` and `cluster`");
  if (second !== undefined) {
    members[second].refuse(`it cannot stand beside \`${first}\`; name the servers in one way`);
  }
  const places = stated({
    url: readPlace(members.url),
    sentinels: readSentinels(members.sentinels),
    cluster: members.cluster.value === undefined ? undefined : readPlaces(members.cluster),
    prefix: readPrefix(members.prefix),
  });
  if (places.url !== undefined) refuseOtherServer(members.url, places.url);
  return given.length === 1 ? { backend: "redis", ...places } : undefined;
}

/** What stands here is seen at once; it may hold a password, so it is not repeated. */
function refuseOtherServer(option: Option, url: Text): void {
  const text = typeof url === "string" ? url : (url.default ?? "");
  if (!text.includes("://") || /^rediss?:\/\//.test(text)) return;
  option.refuse('it must be such as "redis://user@localhost:6379/0", or "rediss://…" for TLS');
}

/** In a key, a `|` ends the prefix. */
function readPrefix(option: Option): Text | undefined {
  const prefix = readPlace(option);
  if (!(typeof prefix === "object" ? prefix.default : prefix)?.includes("|")) return prefix;
  option.refuse("it must not hold `|`, which ends it in the names of keys");
  return undefined;
}

function readSentinels(option: Option): RedisModel["sentinels"] {
  const members = readMembers(option, ["hosts", "name"]);
  if (!members) return undefined;
  requireGiven(members.hosts, members.name);
  const name = readPlace(members.name);
  const hosts = readPlaces(members.hosts);
  return name === undefined ? undefined : { hosts, name };
}

/** The options of `database()`, checked. */
export function readDatabase(options: Option): DatabaseModel | undefined {
  const members = readMembers(options, ["dialect", "url", "schema", "table"]);
  if (!members) return undefined;
  requireGiven(members.dialect);
  requireText(members.url);
  const dialect = readChoice(members.dialect, ["sqlite", "postgres", "mysql"]);
  const url = readPlace(members.url);
  const schema = readIdentifier(members.schema);
  const table = readIdentifier(members.table);
  if (dialect === undefined || url === undefined) return undefined;
  refuseOtherScheme(members.url, dialect, url);
  return { backend: "database", dialect, url, ...stated({ schema, table }) };
}

const schemes = {
  postgres: { pattern: /^postgres(?:ql)?:\/\//, example: "postgres://user@localhost/app" },
  mysql: { pattern: /^(?:mysql|mariadb):\/\//, example: "mysql://user@localhost/app" },
} as const;

/** What the environment says is seen at start; what stands here, at once. It may hold a password, so it is not repeated. */
function refuseOtherScheme(option: Option, dialect: DatabaseModel["dialect"], url: Text): void {
  if (dialect === "sqlite") return;
  const { pattern, example } = schemes[dialect];
  const text = typeof url === "string" ? url : url.default;
  if (text === undefined || pattern.test(text)) return;
  option.refuse(`for "${dialect}" it must be such as "${example}"`);
}

/** Letters, digits and underscores: what every database takes unquoted, and what a migration can be named after. */
function readIdentifier(option: Option): string | undefined {
  const name = readPlainPlace(option);
  if (name === undefined || /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name;
  option.refuse(
    "it must be of letters, digits and `_`, not start with a digit, and have at most 63 characters",
  );
  return undefined;
}

/** The options of `file()`, checked. */
export function readFile(options: Option): FileModel | undefined {
  const members = readMembers(options, ["directory"]);
  if (!members) return undefined;
  requireText(members.directory);
  const directory = readPlace(members.directory);
  return directory === undefined ? undefined : { backend: "file", directory };
}

/** The options of `custom()`, checked. */
export function readCustom(options: Option): CustomModel | undefined {
  const members = readMembers(options, ["find", "list", "sweep"]);
  if (!members) return undefined;
  const { find, list, sweep } = members;
  const abilities = { find: readBoolean(find), list: readBoolean(list), sweep: readBoolean(sweep) };
  return { backend: "custom", ...stated(abilities) };
}
