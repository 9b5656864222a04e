import { type CsrfRule, originOf } from "./csrf-rule.js";

/** What the check looks at. */
export interface CheckedRequest {
  /** The methods that the request has, and had before something changed it. */
  readonly methods: readonly unknown[];
  /** Path and query. */
  readonly url: string;
  /** The host that was asked for, where no header says so. */
  readonly authority: string | undefined;
  /** The connection to this server is encrypted. */
  readonly isSecure: boolean;
  /** A header's value, by its name in lower case. */
  header(name: string): string | undefined;
}

/** `"token"`: nothing tells where it comes from, so that a token must. */
export type Verdict = "pass" | "refuse" | "token";

/** RFC 9110, 9.2.1, without TRACE, which no app answers. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The headers in which a method is hidden that frameworks take for the real one. */
const OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"] as const;

/**
 * Where a request comes from: browsers say so themselves in `Sec-Fetch-Site`, which no page can change; older ones and those
 * without TLS in `Origin`. A request that only reads passes, unless it asks to be taken for another one.
 */
export function judgeRequest(request: CheckedRequest, rule: CsrfRule): Verdict {
  if (isSafe(request)) return "pass";
  const origin = request.header("origin");
  if (origin !== undefined && rule.trusted.has(origin)) return "pass";
  const site = request.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none" ? "pass" : "refuse";
  // `null` is what a page's own referrer policy may make of it, and what a sandbox does.
  if (origin === undefined || origin === "null") return "token";
  return isOwn(origin, request, rule) ? "pass" : "refuse";
}

/** Whether a method only reads. */
export function isSafeMethod(method: unknown): boolean {
  return typeof method === "string" && SAFE.has(method.toUpperCase());
}

function isSafe(request: CheckedRequest): boolean {
  const asked = OVERRIDES.map((name) => request.header(name)).filter((method) => method !== undefined);
  return [...request.methods, ...asked, ...askedInQuery(request.url)].every(isSafeMethod);
}

/** As frameworks read it: `_method=DELETE`, `_method[]=DELETE`. */
function askedInQuery(url: string): readonly string[] {
  const start = url.indexOf("?");
  if (start < 0) return [];
  const pairs = [...new URLSearchParams(url.slice(start + 1))];
  return pairs.filter(([name]) => /^_method(?:\[|$)/.test(name)).map(([, method]) => method);
}

/** An app behind a proxy does not know that it is reached by HTTPS, so that its own origin by HTTPS is always its own. */
function isOwn(origin: string, request: CheckedRequest, { trustProxy }: CsrfRule): boolean {
  // What is empty says nothing.
  const forwarded = (name: string): string | undefined =>
    (trustProxy && request.header(`x-forwarded-${name}`)?.split(",", 1)[0]?.trim()) || undefined;
  const host = forwarded("host") ?? request.header("host") ?? request.authority ?? "";
  if (!/^[^\s/?#@\\]+$/.test(host)) return false;
  const scheme = forwarded("proto");
  // Whatever else a proxy calls it, such as wss, is no plain HTTP.
  const isSecure = scheme === undefined ? request.isSecure : scheme.toLowerCase() !== "http";
  return origin === originOf(`https://${host}`) || (!isSecure && origin === originOf(`http://${host}`));
}
