import { SessionError } from "../platform/errors.js";
import type { SessionContext } from "../session/context.js";
import type { StoredSession } from "../token/token-store.js";
import type { IndexedValue, SessionRecord } from "../types/backend.js";
import type { WireProblem } from "../types/check-wire.js";
import type { WireFields, WireValue } from "../types/shape.js";
import type { Meta, Moved } from "./contents.js";
import { isOfKind, isUnreadable, shapeHashOf } from "./record.js";
import type { WrittenFields } from "./upgrades.js";
import { storedFields, type VisibleFields, visibleFields } from "./visible-fields.js";
import { noFields } from "./wire-fields.js";

/** What a record turned out to be. */
export type ReadRecord =
  | { readonly is: "session"; readonly stored: StoredSession }
  /** `stored` holds the session as it was only while the change of its key is unfinished. */
  | { readonly is: "moved"; readonly moved: Moved; readonly stored: StoredSession }
  | { readonly is: "unreadable" };

/**
 * Decodes and validates a record. What cannot be read, or does not validate while `onInvalid` is `"reset"`, is
 * `unreadable`, said in the log and left where it is. Throws `SessionError` `"invalid"` while it is `"throw"`.
 */
export function readRecord(record: SessionRecord, context: SessionContext): ReadRecord {
  try {
    const { meta, fields, isChecked } = context.format.decode(record);
    const { moved } = meta;
    if (moved !== undefined && moved.unfinished === undefined)
      return { is: "moved", moved, stored: toStored(record, meta, { fields, refused: noFields }) };
    const problems = isChecked === true ? noProblems : context.checkWire(fields);
    const visible =
      problems.length === 0 && !isUpgradable(record, fields, context)
        ? { fields, refused: noFields }
        : visibleFields(
            {
              id: record.id,
              ...written(record, fields),
              problems,
              isForeign: foreignFields(record, meta, context),
            },
            context,
          );
    const stored = toStored(record, meta, visible);
    return moved === undefined ? { is: "session", stored } : { is: "moved", moved, stored };
  } catch (error) {
    if (isInvalid(error)) context.analytics?.note({ type: "invalid", what: "record", handle: record.id });
    if (!isUnreadable(error)) throw error;
    context.warn(
      `A stored ${context.name} cannot be read: ${error.message}. Its user gets a new one; the record is kept.`,
    );
    return { is: "unreadable" };
  }
}

function isInvalid(error: unknown): boolean {
  return isUnreadable(error) || (error instanceof SessionError && error.code === "invalid");
}

/** Whether a record only marks that a session has ended or goes by another key. Says nothing of one that cannot be read. */
export function isMark(record: SessionRecord, { format }: SessionContext): boolean {
  try {
    return format.decode(record).meta.moved !== undefined;
  } catch {
    return false;
  }
}

/** Whether a record is of this kind, and belongs to the tenant or has been its. Others may share a backend. */
export function isOurs(
  { header, tenant }: Pick<SessionRecord, "header" | "tenant">,
  context: SessionContext,
): boolean {
  const { name, movedName } = context.tenant;
  return isOfKind(header, context.name) && (tenant === name || tenant === movedName);
}

/** Reads records as `readRecord` does. */
export type RecordReader = (record: SessionRecord) => ReadRecord;

/** What a record was read as, out of the sight of who looks at the record. */
class Reading {
  readonly #record: SessionRecord;
  readonly #context: SessionContext;
  readonly #found: ReadRecord;

  constructor(record: SessionRecord, context: SessionContext, found: ReadRecord) {
    this.#record = record;
    this.#context = context;
    this.#found = found;
  }

  /** Nothing for another record: a copy has the reading too, and may hold something else. */
  of(record: SessionRecord, context: SessionContext): ReadRecord | undefined {
    return this.#record === record && this.#context === context ? this.#found : undefined;
  }
}

const reading = Symbol("reading");

/**
 * A reader for a backend that gives the same record until it is written again, as memory does: each is decoded
 * once. What a session holds of it is copied before the app may change it. Kept on the record itself: of a `WeakMap`, what
 * is young outlives its keys until the next full collection.
 */
export function createRememberingReader(context: SessionContext): RecordReader {
  return (record: SessionRecord & { [reading]?: Reading }) => {
    const known = record[reading]?.of(record, context);
    if (known !== undefined) return known;
    const found = readRecord(record, context);
    if (found.is === "session" && Object.isExtensible(record))
      record[reading] = new Reading(record, context, found);
    return found;
  };
}

const noProblems: readonly WireProblem[] = Object.freeze([]);
const noNames: readonly string[] = Object.freeze([]);

function toStored(record: SessionRecord, meta: Meta, { fields, refused }: VisibleFields): StoredSession {
  const { id, revision, createdAt, expiresAt } = record;
  return { id, revision, createdAt, expiresAt, meta, fields, refused };
}

function isUpgradable(record: SessionRecord, fields: WireFields, { upgrades }: SessionContext): boolean {
  return upgrades !== undefined && upgrades.missing(written(record, fields)).length > 0;
}

function written({ header }: SessionRecord, fields: WireFields): WrittenFields {
  return { fields, shapeHash: shapeHashOf(header) };
}

/** As `readRecord`, but a field that does not validate is only left out: for those who do not ask for the data. */
export function readAnyRecord(record: SessionRecord, context: SessionContext): ReadRecord {
  return readRecord(record, { ...context, onInvalid: "drop-field" });
}

/** Tells the fields of a record that another version wrote, which this one may refuse without harm. */
function foreignFields(
  record: SessionRecord,
  { foreign }: Meta,
  context: SessionContext,
): (name: string) => boolean {
  const isOtherVersion = shapeHashOf(record.header) !== context.shapeHash;
  return (name) => isOtherVersion || foreign?.includes(name) === true;
}

/** A record to be written for a session, the fields that this version refuses among the others. */
export function toRecord(session: StoredSession, context: SessionContext, writeId: string): SessionRecord {
  const { id, revision, createdAt, expiresAt } = session;
  const fields = storedFields(session);
  const foreign =
    session.refused === noFields
      ? noNames
      : Object.keys(session.refused).filter((stored) => fields[stored] !== undefined);
  const meta = withForeign(session.meta, foreign);
  const { header, data } = context.format.encode({ meta, fields }, id);
  return {
    id,
    header,
    data,
    tenant: isPlaced(meta) ? context.tenant.name : context.tenant.movedName,
    revision,
    writeId,
    createdAt,
    expiresAt,
    indexed: indexedValues(session, context),
  };
}

/** Whether a record counts as one of its tenant's: a session, or one that has just ended. */
function isPlaced({ moved }: Meta): boolean {
  return moved === undefined || (moved.to === null && moved.adoption === undefined);
}

function withForeign(meta: Meta, foreign: readonly string[]): Meta {
  if (foreign.length > 0) return { ...meta, foreign };
  if (meta.foreign === undefined) return meta;
  const { foreign: _previous, ...rest } = meta;
  return rest;
}

/** What backends are told of the indexed fields. */
export function indexedValues(
  { meta, fields, refused }: Pick<StoredSession, "meta" | "fields" | "refused">,
  context: SessionContext,
): Record<string, IndexedValue> {
  const indexed: Record<string, IndexedValue> = {};
  // Who ends all sessions of a value has to find what could come back.
  const isOver = meta.moved !== undefined && meta.moved.unfinished === undefined;
  for (const name of context.indexes) {
    // Null is a value: only what is absent reads as the default.
    const held = fields[name] === undefined ? refused[name] : fields[name];
    const value = held === undefined ? context.fields.defaultOf(name) : held;
    indexed[name] = isOver ? null : context.format.indexes.toStored(name, toIndexed(value));
  }
  return indexed;
}

/** An indexed field's value as backends compare it: a date as epoch milliseconds, a bigint as decimal text. */
export function toIndexed(wire: WireValue | undefined): IndexedValue {
  if (typeof wire === "bigint") return String(wire);
  return typeof wire === "string" || typeof wire === "number" || typeof wire === "boolean" ? wire : null;
}
