import { randomUUID } from "node:crypto";

/** Something with an id that a source gives in no order. */
export interface Identified {
  readonly id: string;
}

/** The next of a walk in order of their ids; `isWhole` when none follow. */
export interface Stretch<T extends Identified> {
  readonly members: readonly T[];
  readonly isWhole: boolean;
  /** The number of the search that found it; a later search has a higher one. */
  readonly search: number;
}

/** Where a search that is not over goes on: the `after` of the next call. */
export interface Unfinished {
  readonly next: string;
}

/** How much a walk may take, and keep. */
export interface WalkLimits {
  /** How many members are kept in order at a time. */
  readonly stretchLength: number;
  /** How many batches of the source one call may take. */
  readonly batchesPerCall: number;
  /** After how many milliseconds a call takes no more batches. */
  readonly patience: number;
  /** How many walks are remembered between their pages. */
  readonly rememberedWalks: number;
}

/**
 * Walks in order over sources that have none. A walk looks through the whole source for the ids that come next,
 * and keeps some of them for its later pages; so memory is bounded, and any page can be asked for without those
 * before it. A source that is too large or too slow for one call is looked through over several. A walk never gets
 * what was looked for before it began.
 */
export interface OrderedWalks<T extends Identified> {
  /** What follows `after`, or where to go on looking for it. */
  next(name: string, after: string | undefined, open: Source<T>): Promise<Stretch<T> | Unfinished>;
  /** Keeps what a page left over for the one that follows the id. */
  keep(name: string, after: string, rest: Stretch<T>): void;
}

/** Begins to give all there is, in batches, in no order. */
export type Source<T extends Identified> = () => AsyncGenerator<readonly T[]>;

interface Search<T extends Identified> {
  readonly number: number;
  readonly batches: AsyncGenerator<readonly T[]>;
  found: readonly T[];
  isCut: boolean;
  taken: number;
  usedAt: number;
}

/** After how many milliseconds a search that nobody goes on with is forgotten first. */
const abandonedAfter = 30_000;

/** Walks of which none has begun. */
export function createOrderedWalks<T extends Identified>(limits: WalkLimits): OrderedWalks<T> {
  const rests = new Map<string, Stretch<T>>();
  const searches = new Map<string, Search<T>>();
  let searched = 0;
  // Stands between where a search began and its number. No id has it; another process takes it for the end of an id.
  const mark = `\0search ${randomUUID()} `;

  const start = (open: Source<T>): Search<T> => {
    searched += 1;
    return { number: searched, batches: open(), found: [], isCut: false, taken: 0, usedAt: 0 };
  };
  const park = (place: string, search: Search<T>): void => {
    search.usedAt = performance.now();
    searches.set(place, search);
    if (searches.size > limits.rememberedWalks) searches.delete(leastOf(searches, search.usedAt));
  };

  return {
    next: async (name, given, open) => {
      const [beginning = "", number = ""] = given?.split(mark) ?? [];
      const after = beginning === "" ? undefined : beginning;
      // Without `after` a walk begins, and must see what is there now.
      const mayHaveRest = after !== undefined && number === "";
      const rest = mayHaveRest ? rests.get(JSON.stringify([name, after])) : undefined;
      if (rest !== undefined) return rest;
      const known = searches.get(JSON.stringify([name, number]));
      const search = known ?? start(open);
      searches.delete(JSON.stringify([name, number]));
      const end = performance.now() + limits.patience;
      for (
        let taken = 0;
        taken === 0 || (taken < limits.batchesPerCall && performance.now() < end);
        taken++
      ) {
        const { value, done } = await search.batches.next();
        if (done) {
          const { found: members, isCut } = trimmed(search, limits.stretchLength);
          return { members, isWhole: !isCut, search: search.number };
        }
        take(search, after === undefined ? value : value.filter(({ id }) => id > after), limits);
      }
      park(JSON.stringify([name, String(search.number)]), search);
      return { next: `${beginning}${mark}${search.number}` };
    },
    keep: (name, after, rest) => {
      const place = JSON.stringify([name, after]);
      // A slower walk that began earlier leaves it to the one that needs what has come since.
      if ((rests.get(place)?.search ?? 0) > rest.search) return;
      rests.delete(place);
      if (rest.members.length > 0) rests.set(place, rest);
      const [oldest] = rests.keys();
      if (rests.size > limits.rememberedWalks && oldest !== undefined) rests.delete(oldest);
    },
  };
}

function take<T extends Identified>(
  search: Search<T>,
  batch: readonly T[],
  { stretchLength }: WalkLimits,
): void {
  search.taken += 1;
  search.found = [...search.found, ...batch];
  if (search.found.length >= 2 * stretchLength) Object.assign(search, trimmed(search, stretchLength));
}

/** The search that is forgotten when there are too many: one that was given up, else the one that has done least, so that the others end. */
function leastOf<T extends Identified>(searches: ReadonlyMap<string, Search<T>>, now: number): string {
  const rank = ({ usedAt, taken }: Search<T>): number => (now - usedAt > abandonedAfter ? -1 : taken);
  const [[least] = [""]] = [...searches].sort(([, one], [, other]) => rank(one) - rank(other));
  return least;
}

/** The first ones in order, each once. */
function trimmed<T extends Identified>(
  { found, isCut }: Search<T>,
  length: number,
): Pick<Search<T>, "found" | "isCut"> {
  const ordered = [...found].sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
  const each = ordered.filter(({ id }, at) => id !== ordered[at - 1]?.id);
  return { found: each.slice(0, length), isCut: isCut || each.length > length };
}
