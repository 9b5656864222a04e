import { type Duration, toMilliseconds } from "../platform/duration.js";
import { type EnvReference, resolveText } from "../platform/env.js";
import { SessionError } from "../platform/errors.js";
import { isCookieName, writeCookie } from "./cookie.js";

type SameSite = "lax" | "strict" | "none";
type Priority = "low" | "medium" | "high";

/** How the session cookie is sent. Texts may come from the environment. */
export interface CookieOptions {
  /** Default: `__Host-session` (by kind) when secure, for path `/` and without a domain; else `session`. */
  readonly name?: string | EnvReference;
  /** Default: `/`. */
  readonly path?: string | EnvReference;
  /** Host name whose subdomains get the cookie too. Default: none, so that only this host gets it. */
  readonly domain?: string | EnvReference;
  /** Default: true. */
  readonly secure?: boolean;
  /** Default: true. */
  readonly httpOnly?: boolean;
  /** Default: `"lax"`. */
  readonly sameSite?: SameSite | EnvReference;
  /** The longest Max-Age that is sent; without it, what is left of the idle time. */
  readonly maxAge?: Duration;
  /** Default: false. */
  readonly partitioned?: boolean;
  /** Default: none is sent. */
  readonly priority?: Priority | EnvReference;
  /** Spreads a value that one cookie cannot hold over up to three, `name.1` to `name.3`. Default: false. */
  readonly chunks?: boolean;
}

/** Checked options, and what follows from them once and for all. */
export interface CookiePolicy {
  readonly name: string;
  readonly path: string;
  readonly domain: string | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite;
  /** The longest Max-Age that is sent, in seconds. */
  readonly maxAgeSeconds: number | null;
  readonly partitioned: boolean;
  readonly priority: Priority | null;
  readonly chunks: boolean;
  /** `"; Path=/; HttpOnly; Secure; SameSite=Lax"`, without Max-Age. */
  readonly attributes: string;
  /** The whole Set-Cookie value that removes the cookie. */
  readonly removal: string;
}

type Settings = Omit<CookiePolicy, "attributes" | "removal">;

const SAME_SITE_TEXT: Readonly<Record<SameSite, string>> = { lax: "Lax", strict: "Strict", none: "None" };
const PRIORITY_TEXT: Readonly<Record<Priority, string>> = { low: "Low", medium: "Medium", high: "High" };

/** RFC 6265bis, 5.6: browsers ignore longer attributes. */
const LONGEST_PATH = 1024;
/** Leaves room for any session key, so that an impossible name is found at start and not at the first login. */
const LONGEST_NAME = 256;
const LONGEST_DOMAIN = 253;

/** Letters, digits and hyphens in labels of at most 63, as RFC 1123 has host names. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 3986 `path-absolute`, without the semicolon that would begin the next attribute. */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/;

/**
 * Checks the options and fills in the defaults; `kindName` is the name of the session kind, such as
 * `adminSession`. Throws `SessionError` `"config"` for a value outside its grammar, for a combination that
 * browsers refuse, and for an environment variable that is missing.
 */
export function resolveCookiePolicy(options: CookieOptions | undefined, kindName: string): CookiePolicy {
  const secure = options?.secure ?? true;
  const path = checkPath(resolveText(options?.path ?? "/", "cookie.path"));
  const domain =
    options?.domain === undefined ? null : checkDomain(resolveText(options.domain, "cookie.domain"));
  const prefix = secure && path === "/" && domain === null ? "__Host-" : "";
  const settings: Settings = {
    name: checkName(resolveText(options?.name ?? prefix + toKebabCase(kindName), "cookie.name")),
    path,
    domain,
    secure,
    httpOnly: options?.httpOnly ?? true,
    sameSite: chooseWord(
      "sameSite",
      resolveText(options?.sameSite ?? "lax", "cookie.sameSite"),
      SAME_SITE_TEXT,
    ),
    maxAgeSeconds:
      options?.maxAge === undefined
        ? null
        : Math.ceil(toMilliseconds(options.maxAge, "cookie.maxAge") / 1000),
    partitioned: options?.partitioned ?? false,
    priority:
      options?.priority === undefined
        ? null
        : chooseWord("priority", resolveText(options.priority, "cookie.priority"), PRIORITY_TEXT),
    chunks: options?.chunks ?? false,
  };
  refuseImpossible(settings);
  const attributes = attributesText(settings);
  return Object.freeze({ ...settings, attributes, removal: removalOf(settings.name, attributes) });
}

/**
 * The Set-Cookie value that gives the client `value` for so many seconds, or, with `null`, until the browser
 * closes. Throws `SessionError`: `"too-large"` above 4096 bytes in all, `"invalid"` for a value with other than
 * cookie-octets or an age that is no number.
 */
export function setCookieHeader(policy: CookiePolicy, value: string, maxAgeSeconds: number | null): string {
  return writeCookie(policy.name, value, attributesFor(policy, maxAgeSeconds));
}

/** The attributes of a cookie that lives for so many seconds, or, with `null`, until the browser closes. */
export function attributesFor(policy: CookiePolicy, maxAgeSeconds: number | null): string {
  if (maxAgeSeconds === null) return policy.attributes;
  if (!Number.isFinite(maxAgeSeconds)) {
    throw new SessionError(
      "invalid",
      `The Max-Age for the cookie ${policy.name} is not a number of seconds.`,
    );
  }
  const bounded = Math.min(maxAgeSeconds, policy.maxAgeSeconds ?? maxAgeSeconds, Number.MAX_SAFE_INTEGER);
  // Rounded up: a cookie may outlive its record by a moment, but one with 0 would be removed at once.
  return `; Max-Age=${Math.max(0, Math.ceil(bounded))}${policy.attributes}`;
}

/** The Set-Cookie value that takes the cookie from the client; it repeats the attributes, or browsers would keep it. */
export function removeCookieHeader(policy: CookiePolicy): string {
  return policy.removal;
}

/** The same for a cookie of another name and the same attributes. */
export function removalOf(name: string, attributes: string): string {
  return writeCookie(name, "", `; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT${attributes}`);
}

function attributesText(settings: Settings): string {
  let text = `; Path=${settings.path}`;
  if (settings.domain !== null) text += `; Domain=${settings.domain}`;
  if (settings.httpOnly) text += "; HttpOnly";
  if (settings.secure) text += "; Secure";
  text += `; SameSite=${SAME_SITE_TEXT[settings.sameSite]}`;
  if (settings.partitioned) text += "; Partitioned";
  if (settings.priority !== null) text += `; Priority=${PRIORITY_TEXT[settings.priority]}`;
  return text;
}

/** What browsers drop in silence (RFC 6265bis, 5.7) is refused here, loudly. */
function refuseImpossible({ name, path, domain, secure, httpOnly, sameSite, partitioned }: Settings): void {
  const prefix = name.toLowerCase();
  const host = prefix.startsWith("__host-");
  const http = prefix.startsWith("__http-") || prefix.startsWith("__host-http-");
  if (!secure) {
    if (sameSite === "none") refuse('sameSite "none" needs secure: true');
    if (partitioned) refuse("partitioned needs secure: true");
    if (host || http || prefix.startsWith("__secure-")) refuse(`the name ${name} needs secure: true`);
  }
  if (host && domain !== null) refuse(`the name ${name} allows no domain`);
  if (host && path !== "/") refuse(`the name ${name} allows no path but "/"`);
  if (http && !httpOnly) refuse(`the name ${name} needs httpOnly: true`);
}

function checkName(name: string): string {
  if (isCookieName(name) && name.length <= LONGEST_NAME) return name;
  return refuse(
    `name must be an HTTP token of at most ${LONGEST_NAME} characters (no blanks, quotes, ";" or "=")`,
  );
}

function checkPath(path: string): string {
  if (PATH.test(path) && path.length <= LONGEST_PATH) return path;
  return refuse(
    `path must begin with "/", be percent-encoded, without ";", and of at most ${LONGEST_PATH} characters`,
  );
}

function checkDomain(text: string): string {
  // Browsers ignore a first dot, and many people still write it.
  const domain = text.replace(/^\./, "").toLowerCase();
  if (DOMAIN.test(domain) && domain.length <= LONGEST_DOMAIN) return domain;
  return refuse("domain must be a host name such as example.com (punycode for other alphabets)");
}

function chooseWord<Word extends string>(
  option: string,
  text: string,
  words: Readonly<Record<Word, string>>,
): Word {
  const isWord = (candidate: string): candidate is Word => Object.hasOwn(words, candidate);
  if (isWord(text)) return text;
  return refuse(`${option} must be one of ${Object.keys(words).join(", ")}`);
}

function refuse(problem: string): never {
  throw new SessionError("config", `Cookie: ${problem}.`);
}

/** `adminSession` → `admin-session`. */
function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
