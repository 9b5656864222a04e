import type { CompressionModel, Settings } from "../model/model.js";
import { type Option, readMembers } from "./option.js";
import { requireGiven, requireText } from "./place-text.js";
import { readChoice, readWholeNumber } from "./read-value.js";
import { readSecrets } from "./seal-rules.js";
import { stated } from "./stated.js";
import { backendName } from "./word.js";

/** The levels of each algorithm; the runtime, which meets them without a schema too, refuses the same. */
const levels = {
  brotli: { least: 0, most: 11 },
  gzip: { least: 1, most: 9 },
  zstd: { least: 1, most: 19 },
} as const;

/** The option `compression`, checked. */
export function readCompression(option: Option): CompressionModel | undefined {
  const members = readMembers(option, ["algorithm", "threshold", "level"]);
  if (!members) return undefined;
  requireGiven(members.algorithm);
  const algorithm = readChoice(members.algorithm, ["brotli", "gzip", "zstd"]);
  const threshold = readWholeNumber(members.threshold, { least: 0 });
  if (algorithm === undefined) return undefined;
  const level = readWholeNumber(members.level, levels[algorithm]);
  return { algorithm, ...stated({ threshold, level }) };
}

/** Under `jwt()` it makes sense: a token is signed, and everyone who has it can read it. */
export function readEncryption(option: Option, backend: Option): Settings["encryption"] {
  const members = readMembers(option, ["keys"]);
  if (!members) return undefined;
  if (backendName(backend) === "cookie")
    option.refuse("`cookie()` encrypts all that it holds already; leave it out");
  requireText(members.keys);
  const keys = readSecrets(members.keys);
  return keys === undefined ? undefined : { keys };
}
