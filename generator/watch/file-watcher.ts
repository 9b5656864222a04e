import { existsSync, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Listens to files by the folders that they are in, so that one may be renamed over, deleted and made again. */
export interface FileWatcher {
  /**
   * From now on listens to these files, absolute, instead of those before; they need not exist. With `anything`, also
   * to every other file in their folders that a schema can import, and to folders.
   */
  follow(files: readonly string[], anything: boolean): void;
  close(): void;
}

/** Calls `onEvent` when one of the files may have changed; often more than once for one change. Nothing is polled. */
export function createFileWatcher(onEvent: () => void): FileWatcher {
  const open = new Map<string, { readonly watcher: ReturnType<typeof watch>; readonly inode: number }>();
  let names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  let hearsAnything = false;

  const stop = (folder: string): void => {
    open.get(folder)?.watcher.close();
    open.delete(folder);
  };
  const listen = (folder: string): void => {
    const inode = inodeOf(folder);
    if (open.get(folder)?.inode === inode) return;
    stop(folder);
    if (inode === undefined) return;
    const watcher = watch(folder, (_event, name) => {
      const isKnown = name === null || name === basename(folder) || names.get(folder)?.has(name);
      if (isKnown || (hearsAnything && isImportable(name))) onEvent();
    });
    // A folder that goes is seen from the one above it.
    watcher.on("error", () => stop(folder));
    open.set(folder, { watcher, inode });
  };
  return {
    follow: (files, anything) => {
      names = namesByFolder(files);
      hearsAnything = anything;
      for (const folder of open.keys()) if (!names.has(folder)) stop(folder);
      for (const folder of names.keys()) listen(folder);
    },
    close: () => {
      for (const folder of [...open.keys()]) stop(folder);
    },
  };
}

/**
 * The names to listen to in each folder: those of the files, and of their folders up to one that exists and the one
 * above it, so that a folder is seen to come and to go.
 */
function namesByFolder(files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const add = (path: string): void => {
    const known = names.get(dirname(path)) ?? new Set();
    names.set(dirname(path), known.add(basename(path)));
  };
  for (const file of files) {
    let path = file;
    add(path);
    while (!existsSync(dirname(path)) && dirname(path) !== path) {
      path = dirname(path);
      add(path);
    }
    add(dirname(path));
  }
  return names;
}

function isImportable(name: string): boolean {
  return /\.(?:[cm]?[jt]sx?|json)$/.test(name) || !name.includes(".");
}

function inodeOf(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.ino;
}
