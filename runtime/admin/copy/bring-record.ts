import { createWriteId } from "../../token/session-key.js";
import type { SessionBackend, SessionRecord } from "../../types/backend.js";
import type { CopyStep } from "./compare-records.js";

/** A record of the source, what the target has, and what is to be done about it. */
export interface PlannedRecord {
  readonly source: SessionRecord;
  readonly present: SessionRecord | null;
  readonly step: CopyStep;
}

/** Does what was planned. `false`, losing nothing, when somebody else wrote to the target meanwhile: to be looked at again. */
export async function bringRecord(to: SessionBackend, planned: PlannedRecord): Promise<boolean> {
  const { source, present, step } = planned;
  if (step === "create") return to.create(source);
  if (step === "touch") return to.touch(source.id, source.revision, source.expiresAt);
  if (step !== "replace" || present === null) return true;
  return climb(to, present, source);
}

/**
 * Deletes a record of the target, unless somebody has written to it since it was loaded: then `false`.
 *
 * `delete` has no condition, so the record is first replaced, by compare-and-swap, by one that expired long ago.
 * From then on no app can write it: loaded, it is no session, and what was loaded before has another revision. A
 * crash in between leaves an expired record, which opens nothing and is swept.
 */
export async function removeUnchanged(to: SessionBackend, present: SessionRecord): Promise<boolean> {
  const over = {
    ...present,
    revision: present.revision + 1,
    writeId: createWriteId(),
    expiresAt: 0,
  };
  if (!(await to.save(over))) return false;
  await to.delete(present.id);
  return true;
}

/**
 * `save` raises the revision by one, so the target's own content is raised to one less than the source's, and the
 * last step brings the source's. Each step compares and swaps: a write by somebody else makes the next step fail
 * and stays. At any moment, also after a crash, the record is whole, and older than the source's until it is the same.
 * However far it is: a record that is deleted and made anew would be missing in between, and for good at a target that
 * never takes back what was deleted.
 */
async function climb(to: SessionBackend, present: SessionRecord, source: SessionRecord): Promise<boolean> {
  for (let revision = present.revision + 1; revision < source.revision; revision++) {
    if (!(await to.save({ ...present, revision }))) return false;
  }
  return to.save(source);
}
