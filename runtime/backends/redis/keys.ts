import { SessionError } from "../../platform/errors.js";
import type { IndexedValue, SessionRecord } from "../../types/backend.js";
import { fromIndexedText } from "./record-value.js";

/**
 * The names of everything in Redis. What stands before the first `|` names the prefix and the kind of key, and a
 * prefix has none, so that no two prefixes, kinds, fields or values ever meet, whatever the rest holds.
 */
export interface Keys {
  record(id: string): string;
  index(field: string, value: string | number | boolean): string;
  tenant(tenant: string): string;
  /** Of every index and roster that a record with these values is in. */
  entries(record: Pick<SessionRecord, "tenant" | "indexed">): readonly string[];
  /** The same for the text that is kept with a record; none when it is damaged. */
  entriesOf(indexedText: string): readonly string[];
  /** Of the roster alone. */
  rosterOf(indexedText: string): string | null;
  isIndexed(field: string): boolean;
  /** A pattern of `SCAN` for the keys of these kinds, when the client itself puts something before each key. */
  pattern(kinds: "r" | "rit", clientPrefix: string): string;
  /** What `SCAN` found, as a key that is sent. */
  read(found: string, clientPrefix: string): FoundKey;
}

/** A key of ours that a walk has found. */
export interface FoundKey {
  readonly kind: "record" | "index";
  readonly key: string;
  /** The id of a record. */
  readonly id: string;
  /** Whether a record with these values belongs into this index. */
  belongs(record: SessionRecord): boolean;
}

/** Throws `SessionError` `"config"` for a prefix that could be taken for another. */
export function createKeys(prefix: string, indexes: readonly string[] | undefined): Keys {
  if (prefix.includes("|") || prefix === "") {
    throw new SessionError("config", "The prefix of a Redis backend must be some text without a |.");
  }
  const isIndexed = (field: string): boolean => indexes?.includes(field) ?? true;
  const recordStart = `${prefix}:r|`;
  const index = (field: string, value: string | number | boolean): string =>
    `${prefix}:i|${field.length}|${field}|${toTerm(value)}`;
  const tenantKey = (tenant: string): string => `${prefix}:t|${tenant}`;
  const entries = ({ tenant, indexed }: Pick<SessionRecord, "tenant" | "indexed">): readonly string[] => [
    ...(tenant === null ? [] : [tenantKey(tenant)]),
    ...Object.entries(indexed).flatMap(([field, value]) =>
      value === null || value === undefined || !isIndexed(field) ? [] : [index(field, value)],
    ),
  ];
  return {
    record: (id) => recordStart + id,
    index,
    tenant: tenantKey,
    entries,
    entriesOf: (text) => {
      const found = fromIndexedText(text);
      return found === null ? [] : entries(found);
    },
    rosterOf: (text) => {
      const tenant = fromIndexedText(text)?.tenant ?? null;
      return tenant === null ? null : tenantKey(tenant);
    },
    isIndexed,
    pattern: (kinds, clientPrefix) =>
      `${escapePattern(`${clientPrefix}${prefix}:`)}${kinds === "r" ? "r" : "[rit]"}|*`,
    read: (found, clientPrefix) => {
      const key = found.slice(clientPrefix.length);
      const isRecord = key.startsWith(recordStart);
      return {
        kind: isRecord ? "record" : "index",
        key,
        id: isRecord ? key.slice(recordStart.length) : "",
        belongs: (record) => entries(record).includes(key),
      };
    },
  };
}

/** `42`, `"42"` and `true` are different values. */
function toTerm(value: Exclude<IndexedValue, null>): string {
  // -0 is 0 to whoever looks for it.
  return `${(typeof value).charAt(0)}${value === 0 ? 0 : value}`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, "\\$&");
}
