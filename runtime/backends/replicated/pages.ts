import type { RecordPage, SessionRecord } from "../../types/backend.js";
import { type Heartbeat, isHeartbeat } from "./heartbeat.js";
import { isOutage, type Side } from "./side.js";
import { isTombstone, newest } from "./tombstone.js";

/** What pages are read of. */
export interface PagesOptions {
  readonly primary: Side;
  readonly secondary: Side;
  /** Whether this process knows that a session was deleted which the secondary still has. */
  readonly isDeleted: (id: string) => boolean;
  readonly heartbeat: Heartbeat;
  /** Whether the write id decides between equal revisions. */
  readonly byWriteId: boolean;
}

/** Where a page begins; at the very beginning without `after`. */
export interface Cursor {
  readonly after?: string;
}

/** A walk over either side, page by page. */
export interface Walk {
  /** What the page before ended with. */
  readonly after: string | undefined;
  readonly onPrimary: (from: Cursor) => Promise<RecordPage>;
  /** Left out where the secondary cannot do it. */
  readonly onSecondary: ((from: Cursor) => Promise<RecordPage>) | undefined;
  /** Whether a record is among what is asked for. */
  readonly isAsked: (record: SessionRecord) => boolean;
}

/**
 * A page of one side; the walk goes on where it began, since each side has cursors of its own: on the secondary if
 * the primary is down then. A primary in doubt is believed in nothing that the secondary knows better, and when it
 * has no more, what only the secondary has follows.
 */
export async function pageOf(options: PagesOptions, walk: Walk): Promise<RecordPage> {
  const { primary, secondary, heartbeat, isDeleted } = options;
  const { onPrimary, onSecondary } = walk;
  const { mark, from } = takeMark(walk.after);
  if (mark === marks.rest) return restOf(options, walk, from);
  if (mark !== marks.secondary) {
    const wasInDoubt = mark === marks.doubt || (await heartbeat.isSetBack());
    try {
      const page = await primary.askAtLength(() => onPrimary(from));
      if (onSecondary === undefined || !(wasInDoubt || (await heartbeat.isSetBack())))
        return marked(page, page.records, marks.primary);
      const records = await newestOf(options, walk, page.records);
      if (records === null) return marked(page, page.records, marks.primary);
      return page.next === undefined ? { records, next: marks.rest } : marked(page, records, marks.doubt);
    } catch (error) {
      if (!isOutage(error) || mark !== undefined || onSecondary === undefined) throw error;
    }
  }
  if (onSecondary === undefined) return { records: [] };
  const page = await secondary.askAtLength(() => onSecondary(from));
  const live = page.records.filter(({ id }) => !isDeleted(id));
  return marked(page, live, marks.secondary);
}

/** Of what the primary has, the newest that either side knows; `null` when nothing tells that the primary is not right. */
async function newestOf(
  options: PagesOptions,
  { isAsked }: Walk,
  records: readonly SessionRecord[],
): Promise<SessionRecord[] | null> {
  const { secondary, byWriteId } = options;
  const found = await answerOrDoubt(options, () =>
    inGroups(records, async (record) =>
      newest([record, await secondary.ask((backend) => backend.load(record.id))], byWriteId),
    ),
  );
  return found === null ? null : found.filter((record) => record !== null).filter(isAsked);
}

/** What the secondary has and the walk over the primary has not met. */
async function restOf(
  options: PagesOptions,
  { onSecondary, isAsked }: Walk,
  from: Cursor,
): Promise<RecordPage> {
  const { primary, secondary, isDeleted } = options;
  const page =
    onSecondary && (await answerOrDoubt(options, () => secondary.askAtLength(() => onSecondary(from))));
  if (page == null) return { records: [] };
  const rest = await inGroups(page.records, async (record) => {
    if (isTombstone(record) || isDeleted(record.id)) return null;
    const met = await primary.ask((backend) => backend.load(record.id));
    return met !== null && (isTombstone(met) || isAsked(met)) ? null : record;
  });
  const records = rest.filter((record) => record !== null);
  return marked(page, records, marks.rest);
}

/** The secondary's answer; `null` when it has none, unless the primary alone is known not to be right. */
async function answerOrDoubt<T>({ heartbeat }: PagesOptions, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!isOutage(error) || (await heartbeat.isKnownSetBack())) throw error;
    return null;
  }
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce)
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return results;
}

function takeMark(after: string | undefined): { readonly mark: string | undefined; readonly from: Cursor } {
  const cursor = after?.slice(1) ?? "";
  return { mark: after?.slice(0, 1), from: cursor === "" ? {} : { after: cursor } };
}

function marked({ next }: RecordPage, found: readonly SessionRecord[], mark: string): RecordPage {
  const records = found.filter((record) => !isTombstone(record) && !isHeartbeat(record));
  return next === undefined ? { records } : { records, next: mark + next };
}

/** Where a walk is, before the cursor of the side. */
const marks = { primary: "1", secondary: "2", doubt: "3", rest: "4" } as const;
const atOnce = 16;
