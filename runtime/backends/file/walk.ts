import { join } from "node:path";
import type { RecordPage, SessionRecord } from "../../types/backend.js";
import { namesIn } from "./disk.js";
import { type FolderName, isFolderName, toFolderName } from "./names.js";
import type { RecordFolders } from "./record-folders.js";

/** Where a page begins and how many records it has at most. */
export interface Walk {
  readonly after?: string;
  readonly limit: number;
}

/** Folders that are looked into at once, where somebody waits for what is in them. */
const batchSize = 16;

/** A call that has found something answers after so many milliseconds, one that has not after some more, so that no deadline passes. */
const patience = { withResult: 800, without: 1500 } as const;

/** A page of the records that are wanted, in the order of their folders. It may be shorter than it could be. */
export async function readPage(
  folders: RecordFolders,
  { after, limit }: Walk,
  isWanted: (record: SessionRecord) => boolean,
): Promise<RecordPage> {
  const records: SessionRecord[] = [];
  let last: FolderName | undefined;
  const isLate = createStopwatch();
  for await (const batch of walkFolders(folders, toCursor(after))) {
    const loaded = await Promise.all(batch.map((name) => folders.loadFrom(name)));
    for (const [at, record] of loaded.entries()) {
      if (record !== null && isWanted(record)) {
        if (records.length === limit && last !== undefined) return { records, next: last };
        records.push(record);
      }
      last = batch[at];
    }
    if (isLate(records.length > 0) && last !== undefined) return { records, next: last };
  }
  return { records };
}

/** The names of the folders after this one, in order, so many at a time. */
export async function* walkFolders(
  folders: RecordFolders,
  after: FolderName | undefined,
  size: number = batchSize,
): AsyncGenerator<readonly FolderName[]> {
  const parents = (await namesIn(folders.records)) ?? [];
  for (const parent of [...parents].sort()) {
    if (after !== undefined && parent < after.slice(0, parent.length)) continue;
    const children = (await namesIn(join(folders.records, parent))) ?? [];
    const names = children
      .map((child) => parent + child)
      .filter((name) => isFolderName(name) && (after === undefined || name > after))
      .sort();
    for (let at = 0; at < names.length; at += size) yield names.slice(at, at + size);
  }
}

/** Tells whether a call has taken long enough, by whether it has found something. */
export type Stopwatch = (hasResult: boolean) => boolean;

/** Starts now. */
export function createStopwatch(): Stopwatch {
  const start = performance.now();
  return (hasResult) => performance.now() - start > patience[hasResult ? "withResult" : "without"];
}

/** The name of a folder, as a page gives it; of anything else, taken for an id, its folder. */
function toCursor(after: string | undefined): FolderName | undefined {
  return after === undefined || isFolderName(after) ? after : toFolderName(after);
}
