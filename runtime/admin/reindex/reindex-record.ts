import { isSameIndexed } from "../../record/indexed-form.js";
import { isUnreadable, NONE, parseHeader, shapeHashOf } from "../../record/record.js";
import { indexedValues, readAnyRecord } from "../../record/stored-record.js";
import type { SessionContext } from "../../session/context.js";
import { createWriteId } from "../../token/session-key.js";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import { quiet } from "../search/search-plan.js";

/** What became of a record: `right` needed nothing, `gone` needs nothing any more, `busy` was written by others again and again. */
export type Reindexed = "right" | "updated" | "unreadable" | "gone" | "busy";

/** How often a record that others write meanwhile is tried again. */
const attempts = 20;

/**
 * Brings what a record is found by up to date with what is in it, by compare-and-swap. Everything else stays: tenant,
 * times and bytes; encrypted, it is found under the newest key and so encrypted under that as well.
 */
export async function reindexRecord(
  backend: SessionBackend,
  found: SessionRecord,
  context: SessionContext,
): Promise<Reindexed> {
  let record: SessionRecord | null = found;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (record === null || record.expiresAt <= context.clock()) return "gone";
    const read = readAnyRecord(record, quiet(context));
    if (read.is === "unreadable") return "unreadable";
    // While a change of key is not finished, it holds a session that can come back.
    if (read.is === "moved" && read.moved.unfinished === undefined) return "gone";
    const indexed = indexedValues(read.stored, context);
    if (isIndexed(record, indexed)) return "right";
    const next = {
      ...record,
      ...underNewestKey(record, context),
      // What other versions find it by stays theirs.
      indexed: { ...record.indexed, ...indexed },
      revision: record.revision + 1,
      // By its name, who is changing the key knows a write again whose answer was lost.
      writeId: read.is === "moved" ? record.writeId : createWriteId(),
    };
    if (await backend.save(next, { keepsExpiry: true })) return "updated";
    record = await backend.load(record.id);
  }
  return "busy";
}

function isIndexed({ indexed }: SessionRecord, wanted: SessionRecord["indexed"]): boolean {
  return Object.entries(wanted).every(([field, value]) => isSameIndexed(indexed[field], value));
}

function underNewestKey(
  record: SessionRecord,
  { format }: SessionContext,
): Pick<SessionRecord, "header" | "data"> | undefined {
  const writtenBy = shapeHashOf(record.header);
  const isPlain = parseHeader(record.header)?.keyId === NONE;
  if (isPlain || format.codec.readsShape?.(writtenBy) === false) return undefined;
  try {
    const { header, data } = format.encode(format.decode(record), record.id, writtenBy);
    return { header, data };
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
