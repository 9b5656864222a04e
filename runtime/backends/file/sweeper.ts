import { join } from "node:path";
import { namesIn, removeAnything, renameIfThere } from "./disk.js";
import { createHead, createTag, dataName, type FolderName } from "./names.js";
import type { Listing, RecordFolders } from "./record-folders.js";
import { type Stopwatch, walkFolders } from "./walk.js";

/** Folders that are swept at once: Node has four threads for files, and requests wait for them behind a sweep. */
const sweptAtOnce = 2;

/** A walk from where it began to the end and from the beginning to there. */
interface Round {
  readonly start: FolderName | undefined;
  /** Whether it goes from the beginning on. */
  isBehindStart: boolean;
}

/**
 * Deletes expired records and what writers left that were killed: records that were never put in their place, data
 * that no head leads to, folders without a head. A writer that is at work and loses what it prepared begins again.
 */
export class Sweeper {
  readonly #folders: RecordFolders;
  /** Where the last call ended; the next one goes on from there, and round. */
  #position: FolderName | undefined;
  /** The round of the last call, when there was no time to end it. */
  #unfinishedRound: Round | undefined;

  constructor(folders: RecordFolders) {
    this.#folders = folders;
  }

  /**
   * Deletes at most `limit` records. It looks at every record once, unless that takes too long: then it stops where
   * it is. A call that answers zero has seen all, alone or with those before it that answered zero; or it is midway.
   */
  async deleteExpired(now: number, limit: number, isLate: Stopwatch): Promise<number> {
    const round = this.#unfinishedRound ?? { start: this.#position, isBehindStart: false };
    this.#unfinishedRound = undefined;
    for (let deleted = 0; ; ) {
      if (this.#position === undefined) {
        round.isBehindStart = true;
        await this.#removeUnfinished();
      }
      for await (const batch of walkFolders(this.#folders, this.#position, sweptAtOnce)) {
        const { start, isBehindStart } = round;
        if (isBehindStart && start !== undefined && (batch[0] ?? "") > start) return deleted;
        deleted += await this.#sweep(batch, now, limit - deleted);
        if (deleted === 0 && isLate(false)) this.#unfinishedRound = round;
        if (deleted === limit || isLate(deleted > 0)) return deleted;
      }
      this.#position = undefined;
      if (round.isBehindStart) return deleted;
    }
  }

  /** Whether the last call answered zero for want of time. */
  get isMidway(): boolean {
    return this.#unfinishedRound !== undefined;
  }

  /** Sweeps the folders one after the other, some at once, until so many records are deleted; answers how many. */
  async #sweep(batch: readonly FolderName[], now: number, limit: number): Promise<number> {
    const paths = batch.map((name) => this.#folders.pathOf(name));
    const listings = await Promise.all(paths.map((path) => this.#folders.list(path)));
    let expired = 0;
    const visits: Promise<boolean>[] = [];
    for (const [at, listing] of listings.entries()) {
      const isExpired = listing?.head != null && listing.head.expiresAt <= now;
      if (isExpired && expired === limit) break;
      if (isExpired) expired += 1;
      visits.push(this.#visit(paths[at] ?? "", listing, isExpired));
      this.#position = batch[at];
    }
    const answers = await Promise.all(visits);
    return answers.filter(Boolean).length;
  }

  /** Whether an expired record was deleted. */
  async #visit(path: string, listing: Listing | null, isExpired: boolean): Promise<boolean> {
    if (listing === null) return false;
    if (isExpired) return this.#folders.remove(path, listing);
    if (listing.head === null) await this.#folders.clear(path, listing.names);
    else await this.#removeOrphans(path, listing);
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
    for (const name of (await namesIn(unfinished)) ?? []) {
      // Taken away as a whole: a writer that is at work must not put half of it in its place.
      const taken = join(unfinished, createTag());
      if (await renameIfThere(join(unfinished, name), taken)) await removeAnything(taken);
    }
  }
}
