/** Something with an id that a source gives in no order. */
export interface Identified {
  readonly id: string;
}

/** The next of a walk in order of their ids; `isWhole` when none follow. */
export interface Stretch<T extends Identified> {
  readonly members: readonly T[];
  readonly isWhole: boolean;
}

export interface WalkLimits {
  /** How many members are kept in order at a time. */
  readonly stretchLength: number;
  /** How many batches of the source one call may take. */
  readonly batchesPerCall: number;
  /** How many walks are remembered between their pages. */
  readonly rememberedWalks: number;
}

/**
 * Walks in order over sources that have none. A walk looks through the whole source for the ids that come next,
 * and keeps some of them for its later pages; so memory is bounded, and any page can be asked for without those
 * before it. A source that is too large for one call is looked through over several.
 */
export interface OrderedWalks<T extends Identified> {
  /** What follows `after`; `null` when the source is not yet looked through: then ask again for the same. */
  next(name: string, after: string | undefined, open: Source<T>): Promise<Stretch<T> | null>;
  /** Keeps what a page left over for the one that follows the id. */
  keep(name: string, after: string, rest: Stretch<T>): void;
}

export type Source<T extends Identified> = () => AsyncGenerator<readonly T[]>;

interface Search<T extends Identified> {
  readonly batches: AsyncGenerator<readonly T[]>;
  found: readonly T[];
  isCut: boolean;
}

export function createOrderedWalks<T extends Identified>(limits: WalkLimits): OrderedWalks<T> {
  const rests = new Map<string, Stretch<T>>();
  const searches = new Map<string, Search<T>>();

  const remember = <V>(map: Map<string, V>, name: string, value: V): void => {
    map.delete(name);
    map.set(name, value);
    const [oldest] = map.keys();
    if (map.size > limits.rememberedWalks && oldest !== undefined) map.delete(oldest);
  };

  return {
    next: async (name, after, open) => {
      const place = JSON.stringify([name, after ?? ""]);
      // Without `after` a walk begins, and must see what is there now.
      const rest = after === undefined ? undefined : rests.get(place);
      if (rest !== undefined) return rest;
      const known = after === undefined ? undefined : searches.get(place);
      const search = known ?? { batches: open(), found: [], isCut: false };
      searches.delete(place);
      for (let taken = 0; taken < limits.batchesPerCall; taken++) {
        const { value, done } = await search.batches.next();
        if (done) {
          const { found: members, isCut } = trimmed(search, limits.stretchLength);
          return { members, isWhole: !isCut };
        }
        const following = after === undefined ? value : value.filter(({ id }) => id > after);
        search.found = [...search.found, ...following];
        if (search.found.length >= 2 * limits.stretchLength)
          Object.assign(search, trimmed(search, limits.stretchLength));
      }
      remember(searches, place, search);
      return null;
    },
    keep: (name, after, rest) => {
      if (rest.members.length > 0) remember(rests, JSON.stringify([name, after]), rest);
    },
  };
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
