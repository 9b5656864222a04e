import { expect, it } from "vitest";
import type { BackendModel, DatabaseModel } from "../../../generator/model/backend-model.js";
import { backendPlaces, databaseOf, databasesOf } from "../../../generator/model/backend-places.js";

const near: DatabaseModel = { backend: "database", dialect: "sqlite", url: "near" };
const far: DatabaseModel = { backend: "database", dialect: "postgres", url: { env: "FAR" } };
const chain: BackendModel = {
  backend: "replicated",
  primary: { backend: "cached", cache: { backend: "memory" }, store: near },
  secondary: far,
};

it("finds every backend of a chain with the option it stands at, the whole first", () => {
  expect(backendPlaces(chain).map(({ path, backend }) => [path.join("."), backend.backend])).toEqual([
    ["", "replicated"],
    ["primary", "cached"],
    ["primary.cache", "memory"],
    ["primary.store", "database"],
    ["secondary", "database"],
  ]);
});

it("finds every database, also where ended sessions are remembered", () => {
  expect(databasesOf(chain)).toEqual([
    { path: ["primary", "store"], database: near },
    { path: ["secondary"], database: far },
  ]);
  expect(databaseOf(chain)).toBe(near);
  expect(databasesOf({ backend: "cookie", keys: "k", revocation: far })).toEqual([
    { path: ["revocation"], database: far },
  ]);
  expect(databaseOf({ backend: "jwt", algorithm: "HS256", keys: "k" })).toBeUndefined();
});
