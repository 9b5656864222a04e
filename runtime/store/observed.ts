import { type BackendMethod, surround } from "../backends/layer.js";
import type { Analytics } from "../observability/analytics.js";
import { SessionError } from "../platform/errors.js";
import { isOfKind } from "../record/record.js";
import type { SessionContext } from "../session/context.js";
import type { FoundSession, TokenStore } from "../token/token-store.js";
import type { BackendAbilities, SessionBackend } from "../types/backend.js";

/** The backend, with its failures told to the analytics; itself where there are none. */
export function watchBackend<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  { analytics }: Pick<SessionContext, "analytics">,
): SessionBackend<A> {
  if (analytics === undefined) return backend;
  const noteFailure = (operation: BackendMethod, error: unknown): void =>
    analytics.note({
      type: "backend-error",
      operation,
      code: error instanceof SessionError ? error.code : "unavailable",
    });
  const watched = surround(backend, async (method, call, options) => {
    try {
      return await call(options);
    } catch (error) {
      noteFailure(method, error);
      throw error;
    }
  });
  const { loadNow, saveNow } = backend;
  const watchedNow = <Argument, Answer>(method: BackendMethod, call: (argument: Argument) => Answer) => {
    return (argument: Argument): Answer => {
      try {
        return call(argument);
      } catch (error) {
        noteFailure(method, error);
        throw error;
      }
    };
  };
  return {
    ...watched,
    ...(loadNow && { loadNow: watchedNow("load", loadNow) }),
    ...(saveNow && { saveNow: watchedNow("save", saveNow) }),
  };
}

/**
 * Tells the analytics what a backend removes to make room, until it is closed. Where the sessions of a kind were opened
 * several times over one backend, those that were opened last are told.
 */
export function watchEvictions(
  backend: SessionBackend,
  { analytics, name }: Pick<SessionContext, "analytics" | "name">,
  close: () => Promise<void>,
): () => Promise<void> {
  if (analytics === undefined) return close;
  const open = watchersOf(backend, name);
  open.push(analytics);
  const stop = backend.onEviction?.(({ id, header }) => {
    if (open.at(-1) !== analytics || !isOfKind(header, name)) return;
    analytics.note({ type: "deleted", reason: "evicted", count: 1, handle: id });
  });
  return () => {
    stop?.();
    if (open.includes(analytics)) open.splice(open.indexOf(analytics), 1);
    return close();
  };
}

/**
 * The store, with what is asked of it told to the analytics: how each look-up went and how long it took, what was ended,
 * which writes were refused as conflicts. Itself where there are none.
 */
export function watchStore(store: TokenStore, { analytics }: Pick<SessionContext, "analytics">): TokenStore {
  if (analytics === undefined) return store;
  const accessed = (found: FoundSession | null, start: number): FoundSession | null => {
    const seconds = (performance.now() - start) / 1000;
    analytics.note({
      type: "accessed",
      isHit: found !== null,
      seconds,
      handle: found?.stored.id ?? null,
    });
    return found;
  };
  const written = async (handle: string | null, write: () => Promise<void> | undefined): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (error instanceof SessionError && error.code === "conflict")
        analytics.note({ type: "conflict", outcome: "refused", handle });
      throw error;
    }
  };
  const ended = (isEnded: boolean, reason: "explicit" | "flushed", handle: string | null): boolean => {
    if (isEnded) analytics.note({ type: "deleted", reason, count: 1, handle });
    return isEnded;
  };
  return {
    watched: store,
    isToken: store.isToken,
    async ready() {
      await analytics.ready();
      await store.ready();
    },
    read(token) {
      const start = performance.now();
      const found = store.read(token);
      return found instanceof Promise ? found.then((one) => accessed(one, start)) : accessed(found, start);
    },
    adopt: (foreign) => store.adopt(foreign),
    create: (state) => written(null, () => store.create(state)),
    save: (state, options) => written(handleOf(state), () => store.save(state, options)),
    touch: (state) => store.touch(state),
    rotate: (state, options) => written(handleOf(state), () => store.rotate(state, options)),
    reload: (state) => store.reload(state),
    async end(state) {
      const handle = handleOf(state);
      return ended(await store.end(state), "flushed", handle);
    },
    endByToken: async (token) => ended(await store.endByToken(token), "explicit", null),
  };
}

function handleOf({ stored }: { readonly stored: { readonly id: string } | null }): string | null {
  return stored?.id ?? null;
}

/** Who is told of evictions from a backend, by kind; the last one hears, so that none is counted twice. */
const watchers = new WeakMap<SessionBackend, Map<string, Analytics[]>>();

function watchersOf(backend: SessionBackend, kind: string): Analytics[] {
  const ofBackend = watchers.get(backend) ?? new Map<string, Analytics[]>();
  const ofKind = ofBackend.get(kind) ?? [];
  watchers.set(backend, ofBackend.set(kind, ofKind));
  return ofKind;
}
