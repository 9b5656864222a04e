import { join, resolve } from "node:path";
import { type EnvReference, resolveText } from "../platform/env.js";
import { SessionError } from "../platform/errors.js";
import { assertTypes, listOf, plainText, text } from "../platform/options.js";
import type {
  BackendAbilities,
  Findable,
  FindQuery,
  Limited,
  Listable,
  RecordPage,
  Scannable,
  SessionBackend,
  Sweepable,
} from "../types/backend.js";
import { createEvictions, type Evictions } from "./evictions.js";
import { toSessionError } from "./file/disk.js";
import { RecordFolders } from "./file/record-folders.js";
import { Sweeper } from "./file/sweeper.js";
import { TenantRosters } from "./file/tenant-rosters.js";
import { createStopwatch, readPage } from "./file/walk.js";

/** Options of `createFileBackend`. */
export interface FileBackendOptions {
  /** The folder of the sessions, made when it is missing; on a local disk. Read at first use. */
  readonly directory: string | EnvReference;
  /** The indexed fields; another one cannot be looked for. Any can when left out. */
  readonly indexes?: readonly string[];
}

/** Files can do everything. */
export interface FileAbilities extends BackendAbilities {
  readonly find: Findable;
  readonly list: Listable;
  readonly scan: Scannable;
  readonly sweep: Sweepable;
  readonly limit: Limited;
}

/**
 * Keeps sessions in a folder, for any number of processes of one machine, without a server: see `RecordFolders` for
 * how. What was acknowledged is on the disk. Looking for sessions reads all of them, page by page: a page may be
 * shorter than its limit though others follow.
 *
 * Calls reject with `SessionError` `"config"` when the process may not use the folder, with `"unavailable"` when the
 * disk fails or is full. A file that was damaged is kept until it expires; it reads as a record that is unreadable.
 */
export function createFileBackend(options: FileBackendOptions): SessionBackend<FileAbilities> {
  assertTypes("createFileBackend", options, { directory: text, indexes: listOf(plainText) });
  const { directory, indexes } = options;
  const evictions = createEvictions();
  const { use, close } = createFolderUse(directory, evictions);
  return {
    atomicity: "store",
    place: JSON.stringify(["file", directory, indexes]),
    create: (record) => use(({ rosters }) => rosters.create(record)),
    load: (id) => use(({ folders }) => folders.load(id)),
    save: (record, options) => use(({ folders }) => folders.save(record, options)),
    touch: (id, revision, expiresAt) => use(({ folders }) => folders.touch(id, revision, expiresAt)),
    delete: (id) => use(({ folders }) => folders.delete(id)),
    exists: (id) => use(async ({ folders }) => (await folders.headOf(id)) !== null),
    onEviction: evictions.onEviction,
    close,
    abilities: {
      find: { find: (query) => use(({ folders }) => find(folders, query, indexes)) },
      list: {
        list: (query) =>
          use(({ folders }) => readPage(folders, query, ({ tenant }) => tenant === query.tenant)),
      },
      scan: { scan: (query) => use(({ folders }) => readPage(folders, query, () => true)) },
      sweep: createSweep(use),
      limit: { createWithin: (record, limit) => use(({ rosters }) => rosters.createWithin(record, limit)) },
    },
  };
}

function find(
  folders: RecordFolders,
  query: FindQuery,
  indexes: readonly string[] | undefined,
): Promise<RecordPage> {
  const { field, value } = query;
  if (indexes?.includes(field) === false) {
    throw new SessionError("config", `The field ${field} cannot be looked for: it is not among the indexes.`);
  }
  return readPage(folders, query, ({ indexed }) => (indexed[field] ?? null) === value);
}

function createSweep(use: FolderUse["use"]): Required<Sweepable> {
  let isMidway = false;
  return {
    isMidway: () => isMidway,
    deleteExpired: (now, limit) =>
      use(async ({ sweeper, rosterSweeper }) => {
        const isLate = createStopwatch();
        const deleted = rosterSweeper.isMidway ? 0 : await sweeper.deleteExpired(now, limit, isLate);
        // Rosters do not expire: what killed writers left beside them is all there is to delete.
        if (deleted === 0 && !sweeper.isMidway) {
          await rosterSweeper.deleteExpired(Number.NEGATIVE_INFINITY, limit, isLate);
        }
        isMidway = sweeper.isMidway || rosterSweeper.isMidway;
        return deleted;
      }),
  };
}

interface OpenFolder {
  readonly folders: RecordFolders;
  readonly rosters: TenantRosters;
  readonly sweeper: Sweeper;
  readonly rosterSweeper: Sweeper;
}

interface FolderUse {
  use<T>(work: (open: OpenFolder) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A folder that opens at its first use, and again at the next one when that failed. */
function createFolderUse(directory: string | EnvReference, evictions: Evictions): FolderUse {
  let opening: Promise<OpenFolder> | undefined;
  let isClosed = false;
  return {
    use: async (work) => {
      if (isClosed) throw new SessionError("unavailable", "The file backend is closed.");
      try {
        opening ??= openFolder(directory, evictions);
        const open = await opening.catch((error: unknown) => {
          opening = undefined;
          throw error;
        });
        return await work(open);
      } catch (error) {
        throw toSessionError(error);
      }
    },
    close: async () => {
      isClosed = true;
    },
  };
}

async function openFolder(directory: string | EnvReference, evictions: Evictions): Promise<OpenFolder> {
  const root = resolve(resolveText(directory));
  const folders = await RecordFolders.open(root);
  const rosters = await RecordFolders.open(join(root, "tenants"));
  return {
    folders,
    rosters: new TenantRosters(folders, rosters, evictions),
    sweeper: new Sweeper(folders),
    rosterSweeper: new Sweeper(rosters),
  };
}
