import type { BackendAbilities, CallOptions, SessionBackend, Sweepable } from "../types/backend.js";

/** The calls that a layer surrounds: the methods of a backend and of its abilities. `close` is not among them. */
export type BackendMethod =
  | "create"
  | "load"
  | "save"
  | "touch"
  | "delete"
  | "exists"
  | "find"
  | "list"
  | "scan"
  | "deleteExpired"
  | "createWithin";

/** What a layer does around one call: `call` makes it, with the options that the backend shall see. */
export type AroundCall = <T>(
  method: BackendMethod,
  call: (options?: CallOptions) => Promise<T>,
  options: CallOptions | undefined,
) => Promise<T>;

/** The backend, every call of which passes through `around`. It can do exactly what the backend can. */
export function surround<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  around: AroundCall,
): SessionBackend<A>;
export function surround(backend: SessionBackend, around: AroundCall): SessionBackend {
  return {
    atomicity: backend.atomicity,
    ...(backend.place !== undefined && { place: backend.place }),
    abilities: surroundAbilities(backend.abilities, around),
    create: (record, options) => around("create", (inner) => backend.create(record, inner), options),
    load: (id, options) => around("load", (inner) => backend.load(id, inner), options),
    save: (record, options) => around("save", (inner) => backend.save(record, inner), options),
    touch: (id, revision, expiresAt, options) =>
      around("touch", (inner) => backend.touch(id, revision, expiresAt, inner), options),
    delete: (id, options) => around("delete", (inner) => backend.delete(id, inner), options),
    exists: (id, options) => around("exists", (inner) => backend.exists(id, inner), options),
    ...passOnEvictions(backend),
    close: async () => backend.close?.(),
  };
}

/** `isMidway` of a sweep that has it, for what surrounds the sweep. */
export function passOnMidway(sweep: Sweepable): Pick<Sweepable, "isMidway"> {
  return sweep.isMidway === undefined ? {} : { isMidway: () => sweep.isMidway?.() === true };
}

/** `onEviction` of a backend that has it, for what surrounds the backend. */
export function passOnEvictions(backend: SessionBackend): Pick<SessionBackend, "onEviction"> {
  return backend.onEviction === undefined
    ? {}
    : { onEviction: (listener) => backend.onEviction?.(listener) ?? (() => undefined) };
}

/** `loadNow` and `saveNow` of a backend that has them; neither waits, but what they must not do now is left to `load` and `save`. */
export function passOnNow(
  { loadNow, saveNow }: SessionBackend,
  {
    mayLoad = always,
    maySave = always,
  }: { readonly mayLoad?: () => boolean; readonly maySave?: () => boolean } = {},
): Pick<SessionBackend, "loadNow" | "saveNow"> {
  return {
    ...(loadNow && { loadNow: (id) => (mayLoad() ? loadNow(id) : undefined) }),
    ...(saveNow && { saveNow: (record) => (maySave() ? saveNow(record) : undefined) }),
  };
}

const always = (): boolean => true;

function surroundAbilities(
  { find, list, scan, sweep, limit }: BackendAbilities,
  around: AroundCall,
): BackendAbilities {
  return {
    ...(find && {
      find: { find: (query, options) => around("find", (inner) => find.find(query, inner), options) },
    }),
    ...(list && {
      list: { list: (query, options) => around("list", (inner) => list.list(query, inner), options) },
    }),
    ...(scan && {
      scan: { scan: (query, options) => around("scan", (inner) => scan.scan(query, inner), options) },
    }),
    ...(sweep && {
      sweep: {
        deleteExpired: (now, size, options) =>
          around("deleteExpired", (inner) => sweep.deleteExpired(now, size, inner), options),
        ...passOnMidway(sweep),
      },
    }),
    ...(limit && {
      limit: {
        createWithin: (record, room, options) =>
          around("createWithin", (inner) => limit.createWithin(record, room, inner), options),
      },
    }),
  };
}
