import { isSameIndexed } from "../../record/indexed-form.js";
import type { SessionRecord } from "../../types/backend.js";
import { haveSameContents, type RecordConversion } from "./convert-record.js";

/** What is to be done at the target for a live record of the source. */
export type CopyStep = "none" | "create" | "replace" | "touch" | "keep";

/**
 * Compares by revision, which only ever grows. `"keep"`: the target's is newer, or of the same revision by another
 * write, so that neither follows from the other.
 */
export function stepFor(source: SessionRecord, present: SessionRecord | null): CopyStep {
  if (present === null) return "create";
  if (present.revision !== source.revision) return present.revision < source.revision ? "replace" : "keep";
  if (present.writeId !== source.writeId) return "keep";
  return present.expiresAt === source.expiresAt ? "none" : "touch";
}

/** Whether the target's record is the source's, byte by byte; of converted ones that are encrypted, what is in them. */
export function isSameRecord(
  source: SessionRecord,
  present: SessionRecord,
  conversion?: RecordConversion,
): boolean {
  return (
    stepFor(source, present) === "none" &&
    present.tenant === source.tenant &&
    present.header === source.header &&
    present.createdAt === source.createdAt &&
    (isSameBytes(source.data, present.data) ||
      (conversion !== undefined && haveSameContents(source, present, conversion))) &&
    areSameIndexed(source.indexed, present.indexed)
  );
}

function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

type Indexed = SessionRecord["indexed"];

/** Only fields that both places index. */
function areSameIndexed(source: Indexed, present: Indexed): boolean {
  return Object.entries(present).every(
    ([field, value]) => !(field in source) || isSameIndexed(source[field], value),
  );
}
