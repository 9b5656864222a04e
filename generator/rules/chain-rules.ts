import type { CachedModel, ReplicatedModel, RetryModel, StoreModel } from "../model/backend-model.js";
import { backendPlaces, databasesOf } from "../model/backend-places.js";
import type { Text } from "../model/model.js";
import { type Option, readMembers } from "./option.js";
import { readChoice, readCount, readDuration, toSeconds } from "./read-value.js";
import type { ReadStore } from "./seal-rules.js";
import { stated } from "./stated.js";

/** The options of `cached()`, checked. */
export function readCached(options: Option, readStore: ReadStore): CachedModel | undefined {
  const members = readMembers(options, ["cache", "store"]);
  if (!members) return undefined;
  const cache = readStore(members.cache, "keeps nothing that could be kept nearer");
  const store = readStore(members.store, "keeps nothing that a cache could stand in front of");
  if (!cache || !store) return undefined;
  refuseOnePlace(members.cache, cache, store);
  refuseOtherTable(members.store, cache, store);
  return { backend: "cached", cache, store };
}

/** The options of `replicated()`, checked. */
export function readReplicated(options: Option, readStore: ReadStore): ReplicatedModel | undefined {
  const members = readMembers(options, ["primary", "secondary", "mode", "failover", "retry"]);
  if (!members) return undefined;
  const primary = readStore(members.primary, "keeps nothing that could be replicated");
  const secondary = readStore(members.secondary, "keeps nothing that could be replicated");
  const others = stated({
    mode: readChoice(members.mode, ["async", "sync", "acknowledged"]),
    failover: readChoice(members.failover, ["read", "write"]),
    retry: readRetry(members.retry),
  });
  if (primary) refuseReplicatedInside(members.primary, primary);
  if (secondary) refuseReplicatedInside(members.secondary, secondary);
  if (!primary || !secondary) return undefined;
  refuseOnePlace(members.secondary, primary, secondary);
  refuseOtherTable(members.secondary, primary, secondary);
  return { backend: "replicated", primary, secondary, ...others };
}

function readRetry(option: Option): RetryModel | undefined {
  const members = readMembers(option, ["attempts", "delay", "maxDelay"]);
  if (!members) return undefined;
  const attempts = readCount(members.attempts);
  const delay = readDuration(members.delay);
  const maxDelay = readDuration(members.maxDelay);
  if (delay !== undefined && maxDelay !== undefined && toSeconds(delay) > toSeconds(maxDelay)) {
    members.maxDelay.refuse("it must not be below `delay`");
  }
  return stated({ attempts, delay, maxDelay });
}

/** A deleted session is marked in both sides; one that keeps its own marks to itself would never show that it has it. */
function refuseReplicatedInside(option: Option, side: StoreModel): void {
  if (backendPlaces(side).every(({ backend }) => backend.backend !== "replicated")) return;
  option.refuse("a `replicated()` inside another hides from it what was deleted; name two stores");
}

/** Two names for one place are one copy of the sessions, which each would write over. */
function refuseOnePlace(option: Option, one: StoreModel, other: StoreModel): void {
  const places = new Set(placesOf(one));
  if (!placesOf(other).some((place) => places.has(place))) return;
  option.refuse("both sides are the same place; give one of them another address or prefix");
}

/** Migrations are written once for a schema, so all its databases have the same table. */
function refuseOtherTable(option: Option, one: StoreModel, other: StoreModel): void {
  const [first, second] = [databasesOf(one), databasesOf(other)].map(([place]) => place?.database);
  if (!first || !second) return;
  if (first.table === second.table && first.schema === second.schema) return;
  option.refuse("the databases of one schema share its migrations; give both the same `table` and `schema`");
}

/** The places where a store keeps records, as far as the schema tells them apart. */
function placesOf(store: StoreModel): readonly string[] {
  return backendPlaces(store).flatMap(({ backend: part }) => {
    switch (part.backend) {
      case "redis": {
        const hosts = [part.url, part.sentinels?.hosts, part.cluster].flat().map(placeName).sort();
        return [JSON.stringify(["redis", hosts, placeName(part.sentinels?.name), placeName(part.prefix)])];
      }
      case "database":
        if (part.url === ":memory:") return [];
        return [JSON.stringify(["database", part.dialect, placeName(part.url), part.schema, part.table])];
      case "file":
        return [JSON.stringify(["file", placeName(part.directory)])];
      default:
        return [];
    }
  });
}

/** A variable has one value, whatever its default. */
function placeName(text: Text | undefined): string {
  if (typeof text === "object") return `env ${text.env}`;
  return text === undefined ? "" : `text ${text}`;
}
