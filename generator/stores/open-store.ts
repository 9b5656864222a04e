import type { CommandContext } from "../command.js";
import { CommandError } from "../command.js";
import { kindNames } from "../emit/kind-names.js";
import type { LoadedModel } from "../load/load-model.js";
import { hasDatabase } from "../migrate/open-database.js";
import type { BackendModel, StoreModel } from "../model/backend-model.js";
import { currentText } from "./current-text.js";
import { importRuntime } from "./project-runtime.js";
import type { OpenedStore, Store } from "./store.js";
import { storedIndexes } from "./stored-indexes.js";
import { urlFault } from "./url-fault.js";

/** Where a store is opened from. */
interface Place {
  readonly schema: LoadedModel;
  readonly log: CommandContext["log"];
  /** Whether sessions are found here, so that the indexed fields are kept. */
  readonly isIndexed: boolean;
}

/**
 * The store that a schema declares, opened as its app opens it, by the runtime and the drivers of its project.
 * Nothing is connected before first use. Throws `CommandError` for what no command can open: seals, memory, and
 * what the app is to give.
 */
export function openStore(schema: LoadedModel, log: CommandContext["log"]): Promise<OpenedStore> {
  return open(schema.model.settings.backend, { schema, log, isIndexed: true });
}

async function open(backend: BackendModel, place: Place): Promise<OpenedStore> {
  const obstacle = obstacleTo(backend);
  if (obstacle !== undefined) throw new CommandError(obstacle);
  switch (backend.backend) {
    case "database":
      return create(place, "database", {
        ...backend,
        table: backend.table ?? kindNames(place.schema.model.name).table,
        ...(await tableParts(place)),
      });
    case "redis":
      return create(place, "redis", {
        ...backend,
        prefix: backend.prefix ?? kindNames(place.schema.model.name).table,
        indexes: await indexes(place),
      });
    case "file":
      return create(place, "file", { ...backend, indexes: await indexes(place) });
    case "cached":
      return openCached(backend, place);
    case "replicated":
      return openParts(place, "replicated", backend, {
        primary: await open(backend.primary, place),
        secondary: await open(backend.secondary, place),
      });
    default:
      throw new CommandError(`The backend ${backend.backend}() cannot be opened by a command.`);
  }
}

/** A cache that only the app has is left out: the store behind it holds every session. */
async function openCached(
  backend: Extract<BackendModel, { backend: "cached" }>,
  place: Place,
): Promise<OpenedStore> {
  const store = await open(backend.store, place);
  if (obstacleTo(backend.cache) !== undefined) {
    place.log(`The ${backend.cache.backend}() in front of the store belongs to the app and is left out.\n`);
    return store;
  }
  const cache = await open(backend.cache, { ...place, isIndexed: false });
  return openParts(place, "cached", backend, { cache, store });
}

/** A backend made of others, which it closes with itself. */
function openParts(
  place: Place,
  word: "cached" | "replicated",
  options: object,
  parts: Readonly<Record<string, OpenedStore>>,
): Promise<OpenedStore> {
  const { deadline, expiry } = place.schema.model.settings;
  const logger = { warn: (message: string) => place.log(`${message}\n`) };
  const backends = Object.entries(parts).map(([name, { backend }]) => [name, backend]);
  const surroundings = { logger, deadline, absolute: expiry?.absolute };
  return create(place, word, { ...options, ...Object.fromEntries(backends), ...surroundings });
}

async function create(place: Place, word: StoreModel["backend"], options: object): Promise<OpenedStore> {
  const call = await importRuntime(place.schema.file, `backends/${word}`);
  const backend = call(`create${word.charAt(0).toUpperCase()}${word.slice(1)}Backend`, options);
  if (isStore(backend)) return { backend, close: async () => backend.close?.() };
  throw new CommandError(`The runtime's ${word} backend is not one that this command knows.`);
}

function isStore(value: unknown): value is Store {
  return typeof value === "object" && value !== null && "abilities" in value && "load" in value;
}

async function indexes({ schema, isIndexed }: Place): Promise<readonly string[]> {
  return isIndexed ? (await storedIndexes(schema)).fields : [];
}

async function tableParts({ schema, isIndexed }: Place): Promise<object> {
  const { columns, formerTables } = await storedIndexes(schema);
  return { formerTables, columns: isIndexed ? columns : {} };
}

/** Why a command cannot open a backend, in words; `undefined` when it can. */
export function obstacleTo(backend: BackendModel): string | undefined {
  const word = `${backend.backend}()`;
  switch (backend.backend) {
    case "cookie":
    case "jwt":
      return `The schema's backend is ${word}: its sessions are with the clients, and no store holds them.`;
    case "memory":
      return `The schema's backend is ${word}: its sessions are in the app's process. Call copySessions(), reindexSessions() or cleanupExpired() of @session-gen/runtime there.`;
    case "cache":
    case "custom":
      return `The schema's backend is ${word}, which the app gives at start. Call copySessions(), reindexSessions() or cleanupExpired() of @session-gen/runtime in the app.`;
    case "database":
      return backend.dialect === "sqlite" ? obstacleToSqlite(backend) : undefined;
    default:
      return undefined;
  }
}

/** Opened, a file that is missing would be there from then on, empty. */
function obstacleToSqlite({
  dialect,
  url: text,
}: Extract<BackendModel, { backend: "database" }>): string | undefined {
  const url = currentText(text);
  if (url === undefined) return undefined;
  if (url === ":memory:") return "The schema's database is :memory:, which is in the app's process.";
  const fault = urlFault(dialect, text);
  if (fault !== undefined || hasDatabase(dialect, url)) return fault;
  return `There is no database ${url}. session-gen migrate up creates it.`;
}
