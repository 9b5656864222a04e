import { createHash } from "node:crypto";
import type { BackendModel } from "../model/backend-model.js";

/** Where a store is, with the environment as it is now and without passwords: equal for one place, however it is written. */
export function storeAddress(backend: BackendModel): string {
  return JSON.stringify(backend, (_name, value: unknown) => {
    if (typeof value === "string") return withoutCredentials(value);
    if (!isReference(value)) return value;
    return withoutCredentials(process.env[value.env] ?? value.default ?? "");
  });
}

/** A short name for the way from one place to another. */
export function routeName(from: string, to: string): string {
  return createHash("sha256")
    .update(JSON.stringify([from, to]))
    .digest("hex")
    .slice(0, 12);
}

function isReference(value: unknown): value is { readonly env: string; readonly default?: string } {
  return typeof value === "object" && value !== null && "env" in value;
}

function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}
