import { headsOf, lineOf, type ModelFile, type ModelVersion } from "./model-file.js";
import { reservationsOf } from "./numbers.js";

/** A file without the versions that no record can have any more, and those that went. */
export interface PrunedFile {
  readonly file: ModelFile;
  readonly dropped: readonly ModelVersion[];
}

/**
 * Drops old versions whose shape no session has. The last version stays, and the one before it, whose code may still
 * run; so does what follows a version that stays, since the line must not break. What was given away stays given.
 */
export function prune(file: ModelFile, livingShapes: ReadonlySet<string>): PrunedFile {
  const heads = headsOf(file);
  const kept = new Set([...heads.map(({ hash }) => hash), ...heads.flatMap(({ parents }) => parents)]);
  const stays = (version: ModelVersion): boolean =>
    lineOf(file, version).some(({ hash, shape }) => kept.has(hash) || livingShapes.has(shape));
  const dropped = file.versions.filter((version) => !stays(version));
  if (dropped.length === 0) return { file, dropped };
  return {
    file: {
      versions: file.versions.filter((version) => !dropped.includes(version)),
      ...(file.codecs !== undefined && { codecs: file.codecs }),
      ...reservationsOf(file),
    },
    dropped,
  };
}
