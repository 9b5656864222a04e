import { deepEqual } from "node:assert/strict";
import type { BackendAbilities, SessionBackend, SessionRecord } from "../../types/backend.js";

/** What a backend may be able to do. */
export type AbilityName = keyof BackendAbilities;

/** One thing that a backend must do. */
export interface ConformanceCase {
  readonly name: string;
  /** Only backends with this ability are asked. */
  readonly ability?: AbilityName;
  /** Parallel writers: only backends that compare and swap are asked. */
  readonly isParallel?: true;
  run(context: CaseContext): Promise<void>;
}

/** What a case works with. */
export interface CaseContext {
  readonly backend: SessionBackend;
  /** Never seen before, in any store: cases may share one. */
  readonly unique: string;
  /** A record as a new session has it, under an id of its own, with an hour to live. */
  record(changes?: Partial<SessionRecord>): SessionRecord;
}

/** A case for backends that can do this. */
export function abilityCase<Name extends AbilityName>(
  ability: Name,
  name: string,
  run: (context: CaseContext, ability: NonNullable<BackendAbilities[Name]>) => Promise<void>,
): ConformanceCase {
  return {
    name: `${ability}: ${name}`,
    ability,
    run: async (context) => {
      const present = context.backend.abilities[ability];
      if (present === undefined) throw new Error(`the backend has no ability ${ability}`);
      await run(context, present);
    },
  };
}

/** The context of one case, whose ids no other one has. */
export function createContext(backend: SessionBackend): CaseContext {
  const unique = crypto.randomUUID();
  let count = 0;
  return {
    backend,
    unique,
    record: (changes = {}) => {
      count += 1;
      const now = Date.now();
      return {
        id: `${unique}-${count}`,
        tenant: null,
        header: plainHeader,
        data: toBytes(`{"count":${count}}`),
        revision: 1,
        writeId: `${unique}-write-${count}`,
        createdAt: now,
        expiresAt: now + 3_600_000,
        indexed: { userId: null, label: null, admin: null },
        ...changes,
      };
    },
  };
}

/** The next revision of a record, as another write. */
export function nextOf(record: SessionRecord, changes: Partial<SessionRecord> = {}): SessionRecord {
  const revision = record.revision + 1;
  return { ...record, revision, writeId: `${record.writeId}-${revision}-${crypto.randomUUID()}`, ...changes };
}

/** Of data that is plain JSON. */
const plainHeader = "1;json;-;-;3f0c9a";

/** Of data that is anything. */
export const binaryHeader = "1;msgpack;brotli;k1;3f0c9a";

/** A text in UTF-8. */
export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The backend has exactly this record: every field, every byte. */
export async function assertStored(backend: SessionBackend, expected: SessionRecord): Promise<void> {
  const actual = await backend.load(expected.id);
  deepEqual(actual === null ? null : comparable(actual), comparable(expected));
}

/** The backend has nothing there, and says so everywhere. */
export async function assertAbsent(backend: SessionBackend, id: string): Promise<void> {
  deepEqual([await backend.load(id), await backend.exists(id)], [null, false]);
}

/** An indexed field that is left out has no value, as has one that is null. */
function comparable(record: SessionRecord): object {
  const { userId = null, label = null, admin = null } = record.indexed;
  return { ...record, data: Buffer.from(record.data).toString("hex"), indexed: { userId, label, admin } };
}
