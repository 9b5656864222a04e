import type { SourceNode } from "../load/source-node.js";
import { analyticsWords, codecNames, type Settings } from "../model/model.js";
import type { SchemaFault } from "../schema-error.js";
import { readBackend } from "./backend-rules.js";
import { readCookie } from "./cookie-rules.js";
import { type KnownFields, readIndexes, readMerge, readRedact, readRotation } from "./field-rules.js";
import { readCompression, readEncryption } from "./format-rules.js";
import { readName } from "./name-rules.js";
import { createOption, isObject, type Option, readMembers } from "./option.js";
import { readFolders, readUpgradeFile } from "./path-rules.js";
import { readBoolean, readChoice, readDuration, readList, toSeconds } from "./read-value.js";
import { readRenamed } from "./rename-rules.js";
import { stated } from "./stated.js";
import { readTenancy } from "./tenancy-rules.js";
import { backendName, cacheThatDecides, sealWords } from "./word.js";

/** Every option of `defineSession`, in the order in which people are told of them. */
const optionNames = [
  ...([
    "shape",
    "name",
    "indexes",
    "merge",
    "redact",
    "backend",
    "codec",
    "compression",
    "encryption",
  ] as const),
  ...(["expiry", "rotation", "cookie", "tenancy", "analytics", "deadline", "onInvalid", "renamed"] as const),
  ...(["upgrade", "adapters", "output", "migrations", "importExtension"] as const),
] as const;

type Options = { readonly [Name in (typeof optionNames)[number]]: Option };

/** What a schema says about itself besides its fields. */
export interface NamedSettings {
  readonly name: string;
  readonly settings: Settings;
}

/**
 * Checks all options but the shape. What is wrong is added to `faults`; the result is whole only when nothing was added.
 * `source` is the argument of `defineSession`.
 */
export function readSettings(
  options: Readonly<Record<string, unknown>>,
  source: SourceNode,
  known: KnownFields,
  faults: SchemaFault[],
): NamedSettings | undefined {
  const members = readMembers(createOption(options, source, faults), optionNames);
  if (!members) return undefined;
  refuseUnderSeal(members);
  refuseMergeInCache(members);
  const backend = readBackend(members.backend);
  const name = readName(members.name);
  const settings = {
    indexes: readIndexes(members.indexes, known),
    merge: readMerge(members.merge, known),
    redact: readRedact(members.redact, known),
    codec: readChoice(members.codec, codecNames) ?? "json",
    ...stated({
      compression: readCompression(members.compression),
      encryption: readEncryption(members.encryption, members.backend),
      expiry: readExpiry(members.expiry),
      rotation: readRotation(members.rotation, known),
      cookie: readCookie(members.cookie),
      deadline: readDuration(members.deadline),
      analytics: readAnalytics(members.analytics),
      tenancy: readTenancy(members.tenancy, members.backend),
      renamed: readRenamed(members.renamed, known),
      upgrade: readUpgradeFile(members.upgrade),
      onInvalid: readChoice(members.onInvalid, ["reset", "drop-field", "throw"]),
      importExtension: readChoice(members.importExtension, ["js", "ts", "none"]),
    }),
    adapters: readAdapters(members.adapters),
    ...readFolders(members.output, members.migrations),
  };
  return backend && { name, settings: { ...settings, backend } };
}

function readExpiry(option: Option): Settings["expiry"] {
  const members = readMembers(option, ["idle", "absolute", "touchAfter"]);
  if (!members) return undefined;
  const idle = readDuration(members.idle);
  const absolute = readDuration(members.absolute);
  const touchAfter = readDuration(members.touchAfter);
  if (idle !== undefined && toSeconds(idle) > toSeconds(absolute ?? "14d")) {
    const limit = absolute === undefined ? '"14d", unless `absolute` is given' : JSON.stringify(absolute);
    members.idle.refuse(`it must not be above \`absolute\` (${limit}), which ends the session before`);
  }
  if (touchAfter !== undefined && toSeconds(touchAfter) > toSeconds(idle ?? "1h")) {
    const limit = idle === undefined ? '"1h", unless `idle` is given' : JSON.stringify(idle);
    members.touchAfter.refuse(
      `it must not be above \`idle\` (${limit}), or the session ends before it is touched`,
    );
  }
  return stated({ idle, absolute, touchAfter });
}

/** Those that are on, in the order in which they are told. */
function readAnalytics(option: Option): Settings["analytics"] {
  const members = readMembers(option, analyticsWords);
  const on = analyticsWords.filter((word) => members && readBoolean(members[word]) === true);
  return on.length === 0 ? undefined : on;
}

const adapters = [
  ...["express", "fastify", "hono", "koa", "nest", "next"],
  ...["node", "fetch", "express-store"],
] as const;

function readAdapters(option: Option): readonly string[] {
  return readList(option).flatMap((item) => readChoice(item, adapters) ?? []);
}

function refuseUnderSeal({ backend, indexes, merge }: Options): void {
  const word = backendName(backend);
  if (word === undefined || !sealWords.has(word)) return;
  const reason = `\`${word}()\` leaves the session with the client, where nothing can be`;
  if (isFilled(indexes.value)) indexes.refuse(`${reason} looked up; leave it out, or name a store`);
  if (isFilled(merge.value)) merge.refuse(`${reason} compared and merged; leave it out, or name a store`);
}

/** Two requests in two processes are not seen by each other there, so that a merge would be a promise half kept. */
function refuseMergeInCache({ backend, merge }: Options): void {
  const cache = cacheThatDecides(backend);
  if (cache === undefined || !isFilled(merge.value)) return;
  const what = cache.path === "backend" ? "`cache()`" : `\`cache()\` as the ${cache.path}`;
  merge.refuse(`${what} compares and swaps within one process only, and a merge needs more; name a store`);
}

function isFilled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}
