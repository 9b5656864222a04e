import { join } from "node:path";
import { namesIn, removeAnything } from "./disk.js";
import { createHead, dataName, type FolderName } from "./names.js";
import type { Listing, RecordFolders } from "./record-folders.js";
import { createStopwatch, walkFolders } from "./walk.js";

/**
 * Deletes expired records and what writers left that were killed: records that were never put in their place, data
 * that no head leads to, folders without a head. A writer that is at work and loses what it prepared begins again.
 */
export class Sweeper {
  readonly #folders: RecordFolders;
  /** Where the last call ended; the next one goes on from there, and round. */
  #position: FolderName | undefined;

  constructor(folders: RecordFolders) {
    this.#folders = folders;
  }

  /** Deletes at most `limit` records; it looks at every record once, unless that takes too long. */
  async deleteExpired(now: number, limit: number): Promise<number> {
    const start = this.#position;
    const isLate = createStopwatch();
    let deleted = 0;
    for (const isSecondRound of start === undefined ? [false] : [false, true]) {
      if (isSecondRound || start === undefined) await this.#removeUnfinished();
      for await (const batch of walkFolders(this.#folders, this.#position)) {
        const listings = await Promise.all(
          batch.map((name) => this.#folders.list(this.#folders.pathOf(name))),
        );
        for (const [at, name] of batch.entries()) {
          if (deleted === limit) return deleted;
          if (isSecondRound && start !== undefined && name > start) return deleted;
          if (await this.#visit(name, listings[at] ?? null, now)) deleted += 1;
          this.#position = name;
        }
        if (isLate()) return deleted;
      }
      this.#position = undefined;
    }
    return deleted;
  }

  /** Whether the record had expired, and is deleted. */
  async #visit(name: FolderName, listing: Listing | null, now: number): Promise<boolean> {
    const path = this.#folders.pathOf(name);
    if (listing === null) return false;
    if (listing.head === null) {
      await this.#folders.clear(path, listing.names);
      return false;
    }
    if (listing.head.expiresAt <= now) return this.#folders.remove(path, listing);
    await this.#removeOrphans(path, listing);
    return false;
  }

  async #removeOrphans(path: string, { head, names }: Listing): Promise<void> {
    const orphans = names.filter((name) => name !== head?.name && name !== dataName(head?.tag ?? ""));
    if (head === null || orphans.length === 0) return;
    const { revision, expiresAt, tag } = head;
    // Under another head, nobody can commit any more what was there before.
    if (await this.#folders.swap(path, head, createHead(revision, expiresAt, tag))) {
      await this.#folders.removeNames(path, orphans);
    }
  }

  async #removeUnfinished(): Promise<void> {
    const { unfinished } = this.#folders;
    for (const name of (await namesIn(unfinished)) ?? []) await removeAnything(join(unfinished, name));
  }
}
