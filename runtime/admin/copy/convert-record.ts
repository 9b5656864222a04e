import { isOfKind, isUnreadable, NONE, parseHeader, shapeHashOf } from "../../record/record.js";
import { indexedValues } from "../../record/stored-record.js";
import { wireEquals } from "../../record/wire-equals.js";
import type { SessionContext } from "../../session/context.js";
import type { SessionRecord } from "../../types/backend.js";
import type { CopySource } from "./copy-options.js";

/** How the records of a source are read, and how they are written at the target. */
export interface RecordConversion {
  readonly from: SessionContext;
  readonly to: SessionContext;
  /** The ids of records that could not be read. */
  readonly unreadable: Set<string>;
}

/** The source, each record of which is given as the target writes it; `load` and walks only. */
export function convertedSource(source: CopySource, conversion: RecordConversion): CopySource {
  const { scan } = source.abilities;
  return {
    ...source,
    async load(id, options) {
      const record = await source.load(id, options);
      return record && convertRecord(record, conversion);
    },
    abilities: {
      scan: {
        async scan(query, options) {
          const page = await scan.scan(query, options);
          return { ...page, records: page.records.map((record) => convertRecord(record, conversion)) };
        },
      },
    },
  };
}

/**
 * The record in the target's format, by the version of the shape that wrote it. One that the target writes alike, or
 * that cannot be read, stays as it is.
 */
function convertRecord(record: SessionRecord, { from, to, unreadable }: RecordConversion): SessionRecord {
  const writtenBy = shapeHashOf(record.header);
  // Several kinds may share a place.
  if (!isOfKind(record.header, from.name)) return record;
  if (to.format.codec.readsShape?.(writtenBy) === false) return record;
  try {
    const contents = from.format.decode(record);
    const converted = to.format.encode(contents, record.id, writtenBy);
    if (converted.header === record.header) return record;
    const isHashed = [record, converted].some(({ header }) => parseHeader(header)?.keyId !== NONE);
    const indexed = isHashed ? indexedValues({ ...contents, refused: {} }, to) : record.indexed;
    return { ...record, ...converted, indexed };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    unreadable.add(record.id);
    return record;
  }
}

/** Whether two records of the target's format hold the same: encrypted, the same contents have other bytes each time. */
export function haveSameContents(
  one: SessionRecord,
  other: SessionRecord,
  { to }: RecordConversion,
): boolean {
  try {
    const [first, second] = [to.format.decode(one), to.format.decode(other)];
    const isSameMeta = JSON.stringify(first.meta) === JSON.stringify(second.meta);
    return isSameMeta && wireEquals(first.fields, second.fields);
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}
