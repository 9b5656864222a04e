import type { StatefulPlace } from "../suites/stateful-places.js";
import { type Combination, pairwise } from "./pairwise.js";

/** What the parts of a composition can be. */
const choices = {
  codec: ["json", "msgpack", "cbor", "bincode", "protobuf"],
  compression: ["none", "brotli", "gzip", "zstd"],
  encryption: ["plain", "encrypted"],
  tenancy: ["one tenant", "tenants"],
  analytics: ["unobserved", "observed"],
} as const;

/** Where sessions can be kept. */
const keptPlaces: readonly KeptPlace[] = [
  "memory",
  "SQLite",
  "files",
  "Keyv",
  "Redis",
  "PostgreSQL",
  "MySQL",
  "Redis in front of PostgreSQL",
  "MySQL with a copy in files",
];

/** What carries sessions that the client keeps. */
const sealedPlaces = ["cookie", "jwt"] as const;

/** A place of any kind; that of Keyv cannot find. */
export type KeptPlace = StatefulPlace | "Keyv";
type SealedPlace = (typeof sealedPlaces)[number];

/** One of each: every two of them meet in some composition. */
export type Composition = Combination<typeof choices>;

/** A composition with the place where its sessions are kept. */
export type KeptComposition = Composition & { readonly place: KeptPlace };

/** The compositions in which every two parts meet, with the place of each. */
export const keptCompositions: readonly KeptComposition[] = pairwise({
  place: keptPlaces,
  ...choices,
});

/** A composition with what carries its sessions. */
export type SealedComposition = Composition & { readonly place: SealedPlace };

/** The same of sealed sessions. */
export const sealedCompositions: readonly SealedComposition[] = pairwise({
  place: sealedPlaces,
  ...choices,
});

/** As tests are named. */
export function nameOf(composition: Composition & { readonly place: string }): string {
  const { place, codec, compression, encryption, tenancy, analytics } = composition;
  return [place, codec, compression, encryption, tenancy, analytics].join(", ");
}
