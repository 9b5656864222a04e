import type { BackendModel, DatabaseModel, SealModel, StoreModel } from "./backend-model.js";

/** One backend of a chain, with the option that it stands at: none for the whole, `store` or `primary.cache` inside. */
export interface BackendPlace {
  readonly path: readonly string[];
  readonly backend: BackendModel;
}

/** A backend and all that it is made of, itself first, then in the order of the options. */
export function backendPlaces(backend: BackendModel, path: readonly string[] = []): readonly BackendPlace[] {
  const inside = partsOf(backend).flatMap(([name, part]) => backendPlaces(part, [...path, name]));
  return [{ path, backend }, ...inside];
}

/** A database of a chain, with the option that it stands at. */
export interface DatabasePlace {
  readonly path: readonly string[];
  readonly database: DatabaseModel;
}

/**
 * Every database in a chain, in the order of the options: each of them has the table, so migrations run on each.
 * Their tables have one name, which the rules see to.
 */
export function databasesOf(backend: BackendModel): readonly DatabasePlace[] {
  return backendPlaces(backend).flatMap(({ path, backend: part }) =>
    part.backend === "database" ? [{ path, database: part }] : [],
  );
}

/** The first database of a chain; `undefined` when there is none. */
export function databaseOf(backend: BackendModel): DatabaseModel | undefined {
  return databasesOf(backend)[0]?.database;
}

/** Whether the client carries the session. */
export function isSeal(backend: BackendModel): backend is SealModel {
  return backend.backend === "cookie" || backend.backend === "jwt";
}

function partsOf(backend: BackendModel): readonly (readonly [name: string, part: StoreModel])[] {
  switch (backend.backend) {
    case "cached":
      return [
        ["cache", backend.cache],
        ["store", backend.store],
      ];
    case "replicated":
      return [
        ["primary", backend.primary],
        ["secondary", backend.secondary],
      ];
    case "cookie":
    case "jwt":
      return backend.revocation === undefined ? [] : [["revocation", backend.revocation]];
    default:
      return [];
  }
}
