import type { OptionalKind, PropertySignatureStructure } from "ts-morph";
import type { BackendModel, StoreModel } from "../model/backend-model.js";
import { outdent } from "./source-file.js";

/** What the app may or must pass for a backend when it opens the sessions. */
export interface BackendOption {
  readonly name: string;
  /** A type by name, or the options of a part. */
  readonly type: string | readonly BackendOption[];
  readonly doc: string;
  readonly isRequired: boolean;
}

/**
 * The options of a backend; those of its parts are members of their own. `own` is the type of the backend that the
 * app gives for a `custom()` in the place that decides about abilities.
 */
export function backendOptions(
  backend: BackendModel,
  own = "SessionBackend",
  isInside = false,
): readonly BackendOption[] {
  switch (backend.backend) {
    case "cache":
      return [required("cache", "CacheClient", "The app's own Keyv or unstorage instance.")];
    case "redis":
      return [
        optional("redis", "RedisClient", "The app's own ioredis client, instead of a connection by url."),
      ];
    case "database":
      return [optional("kysely", "DatabaseClient", "The app's own Kysely, instead of a connection by url.")];
    case "cached":
      return [
        ...part("cache", backend.cache, "For the cache in front."),
        ...part("store", backend.store, "For the store behind it.", own),
      ];
    case "replicated":
      return [
        ...part("primary", backend.primary, "For the primary.", own),
        ...part("secondary", backend.secondary, "For the secondary."),
      ];
    case "custom":
      return [
        required("backend", own, `The app's own backend${isInside ? ", closed with the sessions" : ""}.`),
      ];
    case "cookie":
    case "jwt":
      return backend.revocation === undefined
        ? []
        : part("revocation", backend.revocation, "For where ended sessions are remembered.");
    default:
      return [];
  }
}

/** The options as members of an interface. */
export function optionProperties(
  options: readonly BackendOption[],
): OptionalKind<PropertySignatureStructure>[] {
  return options.map(({ name, type, doc, isRequired }) => ({
    name,
    type: typeof type === "string" ? type : objectType(type).join(`\n${outdent}`),
    docs: [doc],
    isReadonly: true,
    hasQuestionToken: !isRequired,
  }));
}

/** The lines of an object type. */
function objectType(options: readonly BackendOption[]): readonly string[] {
  const inside = options.flatMap(({ name, type, doc, isRequired }) => {
    const [first = "", ...others] = typeof type === "string" ? [type] : objectType(type);
    const lines = [`/** ${doc} */`, `readonly ${name}${isRequired ? "" : "?"}: ${first}`, ...others];
    return lines.map((line, index) => `  ${line}${index === lines.length - 1 ? ";" : ""}`);
  });
  return ["{", ...inside, "}"];
}

function part(name: string, backend: StoreModel, doc: string, own?: string): readonly BackendOption[] {
  const options = backendOptions(backend, own, true);
  if (options.length === 0) return [];
  return [{ name, type: options, doc, isRequired: options.some(({ isRequired }) => isRequired) }];
}

function optional(name: string, type: string, doc: string): BackendOption {
  return { name, type, doc, isRequired: false };
}

function required(name: string, type: string, doc: string): BackendOption {
  return { name, type, doc, isRequired: true };
}
