/** The parts of the bench, in the order in which `bench/RESULTS.md` tells of them; `npm run bench:NAME` runs one. */
export const partNames = [
  "http",
  "cookie",
  "profile",
  "contention",
  "database",
  "codecs",
  "bytes",
  "growth",
  "generator",
  "types",
  "install",
] as const;

export type PartName = (typeof partNames)[number];
