import { type OptionalKind, type PropertySignatureStructure, type WriterFunction, Writers } from "ts-morph";
import type { BackendModel, StoreModel } from "../model/backend-model.js";

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
export function backendOptions(backend: BackendModel, own = "SessionBackend"): readonly BackendOption[] {
  switch (backend.backend) {
    case "cache":
      return [required("cache", "CacheClient", "The app's own Keyv or unstorage instance.")];
    case "redis":
      return [optional("redis", "RedisClient", "The app's own ioredis client, instead of a connection.")];
    case "database":
      return [optional("kysely", "DatabaseClient", "The app's own Kysely, instead of a connection by url.")];
    case "cached":
      return [
        ...part("cache", backend.cache, "For what stands in front."),
        ...part("store", backend.store, "For what stands behind the cache.", own),
      ];
    case "replicated":
      return [
        ...part("primary", backend.primary, "For the side that decides.", own),
        ...part("secondary", backend.secondary, "For the side that holds the copies."),
      ];
    case "custom":
      return [required("backend", own, "The app's own backend.")];
    case "cookie":
    case "jwt":
      return [
        optional("keys", "string | readonly string[]", "Instead of the keys that the schema names."),
        ...(backend.revocation === undefined
          ? []
          : part("revocation", backend.revocation, "For where ended sessions are remembered.")),
      ];
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
    type: typeof type === "string" ? type : objectType(type),
    docs: [doc],
    isReadonly: true,
    hasQuestionToken: !isRequired,
  }));
}

function objectType(options: readonly BackendOption[]): WriterFunction {
  return Writers.objectType({ properties: optionProperties(options) });
}

function part(name: string, backend: StoreModel, doc: string, own?: string): readonly BackendOption[] {
  const options = backendOptions(backend, own);
  if (options.length === 0) return [];
  return [{ name, type: options, doc, isRequired: options.some(({ isRequired }) => isRequired) }];
}

function optional(name: string, type: string, doc: string): BackendOption {
  return { name, type, doc, isRequired: false };
}

function required(name: string, type: string, doc: string): BackendOption {
  return { name, type, doc, isRequired: true };
}
