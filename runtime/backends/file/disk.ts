import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { SessionError } from "../../platform/errors.js";

/** More is no record: it is not read. */
const maxBytes = 32 * 1024 * 1024;

/** Writes a new file, for its owner only, and waits until the disk has it. Rejects when there is one. */
export async function writeFresh(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has the folder's entries. One that is gone meanwhile is fine. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await orNull(open(path, constants.O_RDONLY), isMissing);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}

/** The same for a folder and those around it up to one: who loses a new folder loses all that is in it. */
export async function syncUpTo(path: string, last: string): Promise<void> {
  await syncFolder(path);
  if (path !== last && path !== dirname(path)) await syncUpTo(dirname(path), last);
}

/** The bytes of a file; `"missing"`, or `"refused"` for a link, FIFO, device or folder, and for what is no record's size. */
export async function readRegular(path: string): Promise<Uint8Array | "missing" | "refused"> {
  try {
    // Without waiting for the other end of a FIFO.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      return stats.isFile() && stats.size <= maxBytes ? await file.readFile() : "refused";
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return "missing";
    // A link; a device or socket that cannot be opened; a folder in the place of the file.
    if (hasCode(error, "ELOOP", "EMLINK", "ENXIO", "ENODEV", "EISDIR")) return "refused";
    throw error;
  }
}

/** The names in a folder; `null` when there is none, or something else in its place, such as a link to one. */
export async function namesIn(path: string): Promise<readonly string[] | null> {
  if (!(await isFolder(path))) return null;
  return orNull(readdir(path), (error) => isMissing(error) || hasCode(error, "ENOTDIR"));
}

/** Whether there is a folder, not a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statsOf(path))?.isDirectory() === true;
}

/** What is at the path itself, not where a link leads; `null` when there is nothing. */
function statsOf(path: string): Promise<Stats | null> {
  return orNull(lstat(path), isMissing);
}

/** Removes a file. `false` when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  const removed = await orNull(
    unlink(path).then(() => true),
    isMissing,
  );
  return removed !== null;
}

/** Removes whatever is there: a link, not what it leads to. Others may remove it at the same time. */
export async function removeAnything(path: string): Promise<void> {
  await orNull(rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 }), isMissing);
}

/** Gives a name to what has another one. `false`, changing nothing, when there is nothing of that name. */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  const renamed = await orNull(
    rename(from, to).then(() => true),
    isMissing,
  );
  return renamed !== null;
}

/** Makes a folder for its owner only. `false` when there is something already. */
export async function makeFolder(path: string): Promise<boolean> {
  const made = await orNull(
    mkdir(path, { mode: 0o700 }).then(() => true),
    (error) => hasCode(error, "EEXIST"),
  );
  return made !== null;
}

/** Makes one of the backend's own folders where it is missing. Throws `"config"` for a link, or one that others can enter. */
export async function openPrivateFolder(path: string): Promise<void> {
  await makeFolder(path);
  const stats = await statsOf(path);
  if (stats?.isDirectory() && (stats.mode & 0o077) === 0) return;
  throw new SessionError(
    "config",
    `The folder ${path} of the file backend must be a folder that only its owner can enter (chmod 700), no link.`,
  );
}

/** Whether what was named is not there. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

/** Whether an error of the system has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

/** What the disk refused, without the name of a file: `"config"` when the process may not, else `"unavailable"`. */
export function toSessionError(error: unknown): unknown {
  if (error instanceof SessionError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  const isForbidden = hasCode(error, "EACCES", "EPERM", "EROFS");
  const advice = isForbidden
    ? "Give the process the right to write there."
    : hasCode(error, "EEXIST", "ENOTDIR")
      ? "A file stands where it should be, or a folder above it."
      : "Is the disk full or gone?";
  return new SessionError(
    isForbidden ? "config" : "unavailable",
    `The folder of the file backend failed (${code}). ${advice}`,
    { details: { code } },
  );
}

/** What the promise gives, or `null` for an error that is an answer. */
async function orNull<T>(promise: Promise<T>, isAnswer: (error: unknown) => boolean): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (isAnswer(error)) return null;
    throw error;
  }
}
