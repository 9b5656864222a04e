import { hash, randomBytes } from "node:crypto";
import { SessionError } from "../../platform/errors.js";

/**
 * What a record's folder says of it. The head is an empty file, whose name holds all that changes; its tag names
 * the file with the rest. A name is never given twice.
 */
export interface Head {
  readonly name: string;
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly tag: string;
}

/** Lower case hexadecimal: no two ids meet, not even where upper and lower case are one. */
export type FolderName = string;

/** The name of the folder of an id. Any text is told apart from any other, also halves of surrogate pairs. */
export function toFolderName(id: string): FolderName {
  return hash("sha256", JSON.stringify(id), "hex");
}

/** Whether a text is the name of a folder of some id. */
export function isFolderName(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Names an attempt to write: every file that it makes. */
export function createTag(): string {
  return randomBytes(12).toString("hex");
}

/** A head with a name of its own. Throws `SessionError` `"invalid"` for numbers that a name cannot hold. */
export function createHead(revision: number, expiresAt: number, tag: string): Head {
  if (!Number.isSafeInteger(revision) || !Number.isFinite(expiresAt)) {
    throw new SessionError("invalid", "A record's revision and expiry must be finite numbers.");
  }
  const unique = randomBytes(6).toString("hex");
  return { name: `head_${revision}_${expiresAt}_${tag}_${unique}`, revision, expiresAt, tag };
}

const headGrammar = /^head_(-?\d+)_(-?[\d.]+(?:e[+-]\d+)?)_([0-9a-f]{24})_[0-9a-f]{12}$/;

/** The newest head among the names; one is there at a time. */
export function findHead(names: readonly string[]): Head | null {
  let newest: Head | null = null;
  for (const name of names) {
    const [, revision, expiresAt, tag] = headGrammar.exec(name) ?? [];
    if (tag === undefined) continue;
    const head = { name, revision: Number(revision), expiresAt: Number(expiresAt), tag };
    if (newest === null || head.revision > newest.revision) newest = head;
  }
  return newest;
}

/** The name of the file that holds the rest of the record. */
export function dataName(tag: string): string {
  return `data_${tag}`;
}
