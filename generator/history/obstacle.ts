import { headsOf, type ModelFile } from "./model-file.js";

/** Why nothing can be generated: the change breaks stored sessions, or a person has to decide. */
export interface Obstacle {
  readonly status: "breaking" | "undecided";
  readonly message: string;
  /** The option of the schema that it is about, and for `shape` the field; absent for the schema as a whole. */
  readonly about?: readonly string[];
}

/** For a file with several heads, which are to be joined first; none for one that has one. */
export function headsObstacles(file: ModelFile): readonly Obstacle[] {
  const heads = headsOf(file);
  if (heads.length < 2) return [];
  const hashes = heads.map(({ hash }) => hash).join(" and ");
  const count = heads.length === 2 ? "two" : String(heads.length);
  return [
    {
      status: "undecided",
      message: `The model file has ${count} heads, ${hashes}: branches changed the schema apart from each other. Settle the schema file, then run session-gen --merge to join them.`,
    },
  ];
}
