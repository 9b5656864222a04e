import { SessionError } from "../../platform/errors.js";
import { assertOptions, listOf, plainText } from "../../platform/options.js";

/** How requests from other sites are told and refused. */
export interface CsrfOptions {
  /** Other origins whose pages may send requests that change something, such as `https://admin.example.com`. */
  readonly trustedOrigins?: readonly string[];
}

/** Checked options. */
export interface CsrfRule {
  readonly trusted: ReadonlySet<string>;
  /** Whether `X-Forwarded-Host` and `X-Forwarded-Proto` say what the browser asked for. */
  readonly trustProxy: boolean;
}

/** The part of an adapter's options that the check reads. */
export interface CsrfSettings {
  /** Whether requests that may change something must come from the app's own pages: answered with 403 otherwise. */
  readonly csrf?: boolean | CsrfOptions;
  /** Whether `X-Forwarded-*` headers are believed. Only checks of the request's origin read them. */
  readonly trustProxy?: boolean;
}

/** The rule of an adapter, or `null` where nothing is to be checked. Throws `SessionError` `"config"` for what is no origin. */
export function resolveCsrf({ csrf, trustProxy = false }: CsrfSettings = {}): CsrfRule | null {
  if (csrf === undefined || csrf === false) return null;
  if (csrf !== true) assertOptions("csrf", csrf, { trustedOrigins: listOf(plainText) });
  const trusted = csrf === true ? [] : (csrf.trustedOrigins ?? []);
  for (const origin of trusted) {
    if (originOf(origin) !== origin) throw notAnOrigin(origin);
  }
  return { trusted: new Set(trusted), trustProxy };
}

/** The error of a request that the check refuses. */
export function csrfRefusal(): SessionError {
  return new SessionError(
    "forbidden",
    "The request may change something, and neither comes from a page of the app nor brings a token of its session. A browser's Sec-Fetch-Site or Origin must name the app itself (see trustProxy) or one of csrf.trustedOrigins; whoever sends neither needs what csrfToken(session) gave, in the header x-csrf-token or in the field _csrf of a form that was parsed before.",
  );
}

/** The origin of a URL, as browsers write it; `null` for what is no URL. */
export function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}

function notAnOrigin(origin: unknown): SessionError {
  return new SessionError(
    "config",
    `csrf.trustedOrigins: ${JSON.stringify(origin)} is no origin. Write scheme and host, as in "https://admin.example.com".`,
  );
}
