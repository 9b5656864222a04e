import type { ServerResponse } from "node:http";
import type { HeaderList } from "./exchange.js";

/** A header as frameworks hold it. */
export type HeaderValue = number | string | readonly string[];

type HeadedResponse = Pick<ServerResponse, "getHeader" | "getHeaderNames" | "setHeader" | "removeHeader">;

/** Adds a session's headers to those that the app has set on a response of node:http. */
export function appendHeaders(response: HeadedResponse, headers: HeaderList): void {
  for (const [name, value] of headers) {
    if (name === "Cache-Control") {
      for (const outranking of response.getHeaderNames().filter(outranksCacheControl))
        response.removeHeader(outranking);
    }
    const present = response.getHeader(name);
    response.setHeader(name, present === undefined ? value : mergedHeader(name, value, present));
  }
}

/**
 * The header that says what both say: `Set-Cookie` lists both, `Vary` names both (unless `*` does already),
 * and `Cache-Control` becomes private unless it forbids storing at all. Of any other header the new value wins.
 */
export function mergedHeader(name: string, value: string, present: HeaderValue): string | string[] {
  switch (name.toLowerCase()) {
    case "set-cookie":
      return addCookie(value, typeof present === "object" ? present : [String(present)]);
    case "vary":
      return mergeVary(value, String(present));
    case "cache-control":
      return mergeCacheControl(value, String(present));
    default:
      return value;
  }
}

/**
 * Whether some shared caches obey this header in the place of `Cache-Control`: `CDN-Cache-Control` and the like (RFC 9213), and
 * what came before it. Where a session was used it has to go, as `s-maxage` has.
 */
export function outranksCacheControl(name: string): boolean {
  const key = name.toLowerCase();
  return key.endsWith("cdn-cache-control") || OUTRANKING.includes(key);
}

const OUTRANKING: readonly string[] = ["surrogate-control", "edge-control", "x-accel-expires"];

function addCookie(value: string, present: readonly string[]): string[] {
  return present.includes(value) ? [...present] : [...present, value];
}

function mergeVary(value: string, present: string): string {
  const names = present.split(",").map((name) => name.trim().toLowerCase());
  if (names.includes("*") || names.includes(value.toLowerCase())) return present;
  return present.trim() === "" ? value : `${present}, ${value}`;
}

/** RFC 9111, 5.2.2: a qualified `private="…"` leaves the rest to shared caches, so that only the plain one counts. */
function mergeCacheControl(value: string, present: string): string {
  const directives = splitDirectives(present);
  const names = directives.map((directive) => directive.toLowerCase());
  // Whoever understands the status need not obey a no-store that stands beside must-understand (5.2.2.3).
  if (names.includes("no-store") && !names.includes("must-understand")) return present;
  const kept = directives.filter((directive) => !/^(?:public$|private\s*=|s-maxage\s*=)/i.test(directive));
  const added = splitDirectives(value).filter(
    (directive) => !names.includes(directive.toLowerCase()) && !names.includes(directiveName(directive)),
  );
  return [...added, ...kept].join(", ");
}

function directiveName(directive: string): string {
  return directive.replace(/\s*=.*$/s, "").toLowerCase();
}

/** Splits at the commas that do not stand in quotes. */
function splitDirectives(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^,])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
