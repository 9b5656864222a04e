import { mkdir, rename, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SessionError } from "../../platform/errors.js";
import type { CallOptions, SessionRecord } from "../../types/backend.js";
import { unreadableRecord } from "../record-text.js";
import * as disk from "./disk.js";
import {
  createHead,
  createTag,
  dataName,
  type FolderName,
  findHead,
  type Head,
  toFolderName,
} from "./names.js";
import { decodeRecordFile, encodeRecordFile } from "./record-file.js";

/** What a record's folder holds. */
export interface Listing {
  readonly head: Head | null;
  readonly names: readonly string[];
}

/**
 * Keeps each record in a folder of its own, `records/ab/cdef…`, with two files: the head, whose name holds revision,
 * expiry and tag, and the data that the tag names.
 *
 * Every change is one renaming or removal of the head under exactly the name that was read. Of several that read
 * the same name one succeeds, in whatever process, and the others find nothing there: that is the compare-and-swap,
 * and no lock is held by anyone who could die. What a writer prepares carries a tag of its own, made after it read
 * the head; so whoever has changed the head may remove what was prepared for the old one.
 */
export class RecordFolders {
  readonly #root: string;
  readonly #records: string;
  readonly #unfinished: string;
  /** Folders between the root and the records that were seen to be some, and no links. */
  readonly #parents = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
    this.#records = join(root, "records");
    this.#unfinished = join(root, "unfinished");
  }

  /** Makes the folders where they are missing. Throws `"config"` for what is no folder of our own. */
  static async open(root: string): Promise<RecordFolders> {
    const folders = new RecordFolders(root);
    await folders.#makeFolders();
    return folders;
  }

  async create(record: SessionRecord): Promise<boolean> {
    const path = this.pathOf(toFolderName(record.id));
    for (let attempt = 0; attempt < 100; attempt++) {
      const listing = await this.list(path);
      if (listing?.head) return this.#isWritten(record);
      if (listing !== null) await this.clear(path, listing.names);
      if (await this.#place(record, path)) return true;
    }
    throw notOurs();
  }

  async load(id: string): Promise<SessionRecord | null> {
    const name = toFolderName(id);
    const found = await this.#read(name);
    if (found === null || !("damaged" in found)) return found?.id === id ? found : null;
    return unreadableRecord({ ...found.damaged, id });
  }

  /** The record in a folder; `null` when there is none, or it is damaged, since its id is not known then. */
  async loadFrom(name: FolderName): Promise<SessionRecord | null> {
    const found = await this.#read(name);
    return found === null || "damaged" in found || toFolderName(found.id) !== name ? null : found;
  }

  async save(record: SessionRecord, { keepsExpiry }: CallOptions = {}): Promise<boolean> {
    const path = this.pathOf(toFolderName(record.id));
    for (;;) {
      const listing = await this.list(path);
      if (!listing?.head) return false;
      if (listing.head.revision !== record.revision - 1) return this.#isWritten(record);
      const expiresAt = keepsExpiry ? listing.head.expiresAt : record.expiresAt;
      const next = createHead(record.revision, expiresAt, createTag());
      const data = join(path, dataName(next.tag));
      if (!(await writeOrMiss(data, encodeRecordFile(record)))) continue;
      if (await this.swap(path, listing.head, next)) {
        await this.removeNames(path, listing.names);
        return true;
      }
      await disk.removeFile(data);
    }
  }

  async touch(id: string, revision: number, expiresAt: number): Promise<boolean> {
    const path = this.pathOf(toFolderName(id));
    for (;;) {
      const head = (await this.list(path))?.head;
      if (head?.revision !== revision) return false;
      if (await this.swap(path, head, createHead(revision, expiresAt, head.tag))) return true;
    }
  }

  /** Removes the record whatever its state. */
  async delete(id: string): Promise<boolean> {
    const path = this.pathOf(toFolderName(id));
    for (;;) {
      const listing = await this.list(path);
      if (!listing?.head) return false;
      // An end has to be on the disk before it is told.
      if (await this.remove(path, listing, () => disk.syncFolder(path))) return true;
    }
  }

  /** Removes the record in exactly this state. `false` when it has moved on. */
  async remove(path: string, { head, names }: Listing, confirm?: () => Promise<void>): Promise<boolean> {
    if (head === null || !(await disk.removeFile(join(path, head.name)))) return false;
    await confirm?.();
    await this.clear(path, names);
    return true;
  }

  async headOf(id: string): Promise<Head | null> {
    return (await this.list(this.pathOf(toFolderName(id))))?.head ?? null;
  }

  /** What a folder holds; `null` when there is none. */
  async list(path: string): Promise<Listing | null> {
    if (!(await this.#isBelowFolder(path))) return null;
    for (let attempt = 0; ; attempt++) {
      const names = await disk.namesIn(path);
      if (names === null) return null;
      const head = findHead(names);
      // A file system may list a folder in several steps, between which a head can change its name.
      if (head !== null || names.length === 0 || attempt === 2) return { head, names };
    }
  }

  /** The state becomes the next one. `false`, changing nothing, when it was not the present one. */
  async swap(path: string, head: Head, next: Head): Promise<boolean> {
    if (!(await disk.renameIfThere(join(path, head.name), join(path, next.name)))) return false;
    await disk.syncFolder(path);
    return true;
  }

  /** Removes what nothing leads to any more. */
  async removeNames(path: string, names: readonly string[]): Promise<void> {
    for (const name of names) await disk.removeAnything(join(path, name));
  }

  /** The same, and the folder when that leaves it empty. */
  async clear(path: string, names: readonly string[]): Promise<void> {
    await this.removeNames(path, names);
    try {
      await rmdir(path);
    } catch (error) {
      if (!disk.isMissing(error) && !disk.hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    }
  }

  pathOf(name: FolderName): string {
    return join(this.#records, name.slice(0, 2), name.slice(2));
  }

  get records(): string {
    return this.#records;
  }

  get unfinished(): string {
    return this.#unfinished;
  }

  async #makeFolders(): Promise<void> {
    const first = await mkdir(this.#root, { recursive: true, mode: 0o700 });
    await disk.openPrivateFolder(this.#records);
    await disk.openPrivateFolder(this.#unfinished);
    await disk.syncUpTo(this.#root, first === undefined ? this.#root : dirname(first));
  }

  /** Makes the record where it cannot be seen yet, and moves it to its place. `false` when something is there, or a sweep came in between. */
  async #place(record: SessionRecord, path: string): Promise<boolean> {
    const parent = join(path, "..");
    const head = createHead(record.revision, record.expiresAt, createTag());
    const temporary = join(this.#unfinished, head.tag);
    try {
      await disk.makeFolder(temporary);
      await disk.writeFresh(join(temporary, dataName(head.tag)), encodeRecordFile(record));
      await disk.writeFresh(join(temporary, head.name), new Uint8Array());
      await disk.syncFolder(temporary);
      if (await disk.makeFolder(parent)) await disk.syncFolder(this.#records);
      if (!(await this.#isBelowFolder(path))) throw notOurs();
      // An empty folder gives way.
      await rename(temporary, path);
    } catch (error) {
      await disk.removeAnything(temporary);
      // Somebody may have removed the folders, as those do who empty a place of temporary files.
      if (disk.isMissing(error)) await this.#makeFolders();
      if (disk.isMissing(error) || disk.hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) return false;
      throw error;
    }
    await disk.syncFolder(parent);
    return true;
  }

  async #read(name: FolderName): Promise<SessionRecord | { readonly damaged: Head } | null> {
    const path = this.pathOf(name);
    for (let previous: Head | null = null; ; ) {
      const head: Head | null = (await this.list(path))?.head ?? null;
      if (head === null) return null;
      const bytes = await disk.readRegular(join(path, dataName(head.tag)));
      if (bytes !== "missing") {
        return (bytes === "refused" ? null : decodeRecordFile(bytes, head)) ?? { damaged: head };
      }
      // Replaced meanwhile, unless nothing has changed.
      if (previous?.name === head.name) return { damaged: head };
      previous = head;
    }
  }

  /** Whether the folder that a record's is in is one, and no link. Looked at once: nobody but the owner can change it. */
  async #isBelowFolder(path: string): Promise<boolean> {
    const parent = join(path, "..");
    if (this.#parents.has(parent)) return true;
    const isFolder = await disk.isFolder(parent);
    if (isFolder) this.#parents.add(parent);
    return isFolder;
  }

  /** Whether this very write is the record's last one: its answer was lost, and it came again. */
  async #isWritten({ id, revision, writeId }: SessionRecord): Promise<boolean> {
    const present = await this.load(id);
    return present?.revision === revision && present.writeId === writeId;
  }
}

function notOurs(): SessionError {
  return new SessionError("unavailable", "Something that is no record is in the place of a new one.");
}

/** `false` when the folder is gone meanwhile. */
async function writeOrMiss(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await disk.writeFresh(path, bytes);
    return true;
  } catch (error) {
    if (disk.isMissing(error)) return false;
    await disk.removeFile(path);
    throw error;
  }
}
