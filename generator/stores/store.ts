/** A backend of the runtime, by what commands themselves use of it; the rest passes through. */
export interface Store {
  readonly abilities: {
    readonly scan?: { scan(query: { readonly after?: string; readonly limit: number }): Promise<StorePage> };
    readonly sweep?: {
      deleteExpired(now: number, limit: number): Promise<number>;
      /** Whether zero was answered for want of time. */
      isMidway?(): boolean;
    };
  };
  exists(id: string): Promise<boolean>;
  close?(): Promise<void>;
}

/** A page of a walk over a store: of its records what the commands look at. */
export interface StorePage {
  readonly records: readonly { readonly id: string; readonly header: string; readonly expiresAt: number }[];
  readonly next?: string;
}

/** A store that is open, with all that it is made of. */
export interface OpenedStore {
  readonly backend: Store;
  close(): Promise<void>;
}

/** The pages of a walk over a store; none when it cannot be walked over. */
export async function* pagesOf({ abilities: { scan } }: Store): AsyncGenerator<StorePage> {
  const limit = 1000;
  let after: string | undefined;
  do {
    const page = await scan?.scan(after === undefined ? { limit } : { after, limit });
    if (page !== undefined) yield page;
    after = page?.next;
  } while (after !== undefined);
}

/** How many sessions there are, expired ones too; what the runtime notes of indexes beside them is none. */
export async function countSessions(store: Store): Promise<number> {
  let count = 0;
  for await (const { records } of pagesOf(store)) count += records.filter(isSession).length;
  return count;
}

/** The ids of the runtime's own records end as no session's does. */
function isSession({ id }: StorePage["records"][number]): boolean {
  return !(id.startsWith("indexes:") && id.endsWith(":"));
}
