import type { BackendModel, StoreModel } from "../model/backend-model.js";
import { isSeal } from "../model/backend-places.js";
import type { Text } from "../model/model.js";
import { storedName } from "../model/stored-names.js";
import { type BackendOption, backendOptions } from "./backend-options.js";
import type { EmitInput } from "./emit-input.js";
import { type Call, type Code, code, members, type Printable, printLiteral } from "./literal.js";

/** Where a backend stands in the chain. */
interface Position {
  readonly input: EmitInput;
  /** The code that leads to its options: `options`, or `options.cache?` inside. */
  readonly access: string;
  /** Whether sessions are found here, so that the indexed fields are kept. */
  readonly isIndexed: boolean;
}

/** The call that makes the backend of the schema, with those inside it. */
export function backendCall(input: EmitInput): Call | Code {
  return partCall(input.model.settings.backend, { input, access: "options", isIndexed: true });
}

/** The call that makes the place where ended sessions of a seal are remembered; `undefined` without one. */
export function revocationCall(input: EmitInput): Call | Code | undefined {
  const { backend } = input.model.settings;
  if (!isSeal(backend) || backend.revocation === undefined) return undefined;
  const whole: Position = { input, access: "options", isIndexed: false };
  return partCall(backend.revocation, inside(whole, "revocation", backend.revocation));
}

/** A text as code: itself, or the call of `env` that reads it at first use. */
export function textCode(text: Text): string | Code {
  if (typeof text === "string") return text;
  const parameters = text.default === undefined ? [text.env] : [text.env, text.default];
  return code(`env(${parameters.map((parameter) => printLiteral(parameter)).join(", ")})`);
}

/** One key or a list of them as code. */
export function keysCode(keys: Text | readonly Text[]): Printable {
  return isList(keys) ? keys.map(textCode) : textCode(keys);
}

function partCall(backend: BackendModel, position: Position): Call | Code {
  const { access } = position;
  switch (backend.backend) {
    case "memory":
      return call("createMemoryBackend", [["maxSessions", backend.maxSessions]]);
    case "cache":
      return call("createCacheBackend", [["cache", code(`${access}.cache`)]]);
    case "redis":
      return redisCall(backend, position);
    case "database":
      return databaseCall(backend, position);
    case "file":
      return call("createFileBackend", [
        ["directory", textCode(backend.directory)],
        ["indexes", indexes(position)],
      ]);
    case "cached":
      return call("createCachedBackend", [
        ["cache", partCall(backend.cache, { ...inside(position, "cache", backend.cache), isIndexed: false })],
        ["store", partCall(backend.store, inside(position, "store", backend.store))],
        ...surroundings(position),
      ]);
    case "replicated":
      return replicatedCall(backend, position);
    case "custom":
      return code(`${access}.backend`);
    default:
      return sealCall(backend, position);
  }
}

type Part<Word extends BackendModel["backend"]> = Extract<BackendModel, { backend: Word }>;

function redisCall({ url, sentinels, cluster, prefix }: Part<"redis">, position: Position): Call {
  return call("createRedisBackend", [
    ["url", url && textCode(url)],
    [
      "sentinels",
      sentinels &&
        members([
          ["hosts", sentinels.hosts.map(textCode)],
          ["name", textCode(sentinels.name)],
        ]),
    ],
    ["cluster", cluster?.map(textCode)],
    ["prefix", textCode(prefix ?? position.input.names.table)],
    ["indexes", indexes(position)],
    ["redis", code(`${position.access}.redis`)],
  ]);
}

function databaseCall(
  { dialect, url, schema, table }: Part<"database">,
  { input, access, isIndexed }: Position,
): Call {
  const { columns, names, formerTables = [] } = input;
  const stored = columns.map(({ field, column, type }): [string, Printable] => [
    field,
    members([
      ["column", column],
      ["type", type],
    ]),
  ]);
  return call("createDatabaseBackend", [
    ["dialect", dialect],
    ["url", textCode(url)],
    ["schema", schema],
    ["table", table ?? names.table],
    ["formerTables", formerTables.length > 0 ? formerTables : undefined],
    ["columns", isIndexed && stored.length > 0 ? members(stored) : undefined],
    ["kysely", code(`${access}.kysely`)],
  ]);
}

function replicatedCall(backend: Part<"replicated">, position: Position): Call {
  const { primary, secondary, mode, failover, retry } = backend;
  return call("createReplicatedBackend", [
    ["primary", partCall(primary, inside(position, "primary", primary))],
    ["secondary", partCall(secondary, inside(position, "secondary", secondary))],
    ["mode", mode],
    ["failover", failover],
    ["retry", retry && members(Object.entries(retry))],
    ["absolute", absoluteLifetime(position)],
    ...surroundings(position),
  ]);
}

function sealCall(backend: Part<"cookie"> | Part<"jwt">, { access }: Position): Call {
  const given = code(`${access}.keys ?? ${printLiteral(keysCode(backend.keys))}`);
  if (backend.backend === "cookie") {
    return call("createCookieBackend", [
      ["keys", given],
      ["cookieName", code("cookieName")],
    ]);
  }
  const { algorithm, issuer, audience, jwks } = backend;
  return call("createJwtBackend", [
    ["algorithm", algorithm],
    ["keys", given],
    ["issuer", issuer && textCode(issuer)],
    ["audience", audience && textCode(audience)],
    ["jwks", jwks && textCode(jwks)],
    ["cookieName", code("cookieName")],
  ]);
}

/** What backends made of others are told besides: how long a call may take, where to complain, what time it is. */
function surroundings({ input }: Position): readonly (readonly [string, Printable])[] {
  const { deadline } = input.model.settings;
  return [
    ["deadline", code(deadline === undefined ? "options.deadline" : "options.deadline ?? kind.deadline")],
    ["logger", code("options.logger")],
    ["clock", code("options.clock")],
  ];
}

/** For so long a tombstone is kept. */
function absoluteLifetime({ input }: Position): Code {
  const isDeclared = input.model.settings.expiry?.absolute !== undefined;
  return code(`options.expiry?.absolute${isDeclared ? " ?? kind.expiry?.absolute" : ""}`);
}

function indexes({ input, isIndexed }: Position): readonly string[] | undefined {
  const { indexes: fields } = input.model.settings;
  return isIndexed && fields.length > 0 ? fields.map((name) => storedIn(input, name)) : undefined;
}

/** What the field of this name is stored as, which is all that backends know. */
function storedIn({ model }: EmitInput, name: string): string {
  const field = model.fields.find((candidate) => candidate.name === name);
  return field === undefined ? name : storedName(field);
}

/** The position of a part under the name of its option, which is asked for only where the app must give something. */
function inside(position: Position, name: string, part: StoreModel): Position {
  const isNeeded = backendOptions(part).some((option: BackendOption) => option.isRequired);
  return { ...position, access: `${position.access}.${name}${isNeeded ? "" : "?"}` };
}

function call(callee: string, options: readonly (readonly [string, Printable | undefined])[]): Call {
  return { callee, argument: members(options) };
}

function isList(keys: Text | readonly Text[]): keys is readonly Text[] {
  return Array.isArray(keys);
}
