import type { CookieModel } from "../model/model.js";
import { type Option, readMembers } from "./option.js";
import { readBoolean, readChoice, readDuration, readText } from "./read-value.js";
import { type Stated, stated } from "./stated.js";

const names = [
  ...(["name", "secure", "httpOnly", "sameSite", "path", "domain", "maxAge"] as const),
  ...(["partitioned", "priority", "chunks"] as const),
] as const;

type CookieOptions = { readonly [Name in (typeof names)[number]]: Option };

/** The cookie's attributes, and what browsers would silently drop. */
export function readCookie(option: Option): CookieModel | undefined {
  const members = readMembers(option, names);
  if (!members) return undefined;
  const cookie = stated({
    name: readText(members.name),
    secure: readBoolean(members.secure),
    httpOnly: readBoolean(members.httpOnly),
    sameSite: readChoice(members.sameSite, ["strict", "lax", "none"]),
    path: readText(members.path),
    domain: readText(members.domain),
    maxAge: readDuration(members.maxAge),
    partitioned: readBoolean(members.partitioned),
    priority: readChoice(members.priority, ["low", "medium", "high"]),
    chunks: readBoolean(members.chunks),
  });
  refuseGrammar(members, cookie);
  refuseCombinations(members, cookie);
  return cookie;
}

/** RFC 6265bis, 4.1.1: a name is a token; attributes hold no `;` and no control characters. */
function refuseGrammar(members: CookieOptions, { name, path, domain }: Stated<CookieModel>): void {
  if (typeof name === "string" && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    members.name.refuse("a cookie's name is of letters, digits and !#$%&'*+-.^_`|~");
  }
  if (typeof path === "string" && !/^\/[ -:<-~]*$/.test(path)) {
    members.path.refuse('it must start with "/" and hold only printable ASCII without ";"');
  }
  if (typeof domain === "string" && !/^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(domain)) {
    members.domain.refuse('it must be a host name, such as "example.com"');
  }
}

function refuseCombinations(members: CookieOptions, cookie: Stated<CookieModel>): void {
  const { secure, sameSite, partitioned, path, domain } = cookie;
  const name = typeof cookie.name === "string" ? cookie.name.toLowerCase() : "";
  if (secure === false && sameSite === "none") {
    members.sameSite.refuse(
      'browsers drop a cookie with "none" that is not secure; leave out `secure: false`',
    );
  }
  if (secure === false && partitioned) {
    members.partitioned.refuse(
      "browsers drop a partitioned cookie that is not secure; leave out `secure: false`",
    );
  }
  if (secure === false && /^__(?:host|secure|http)-/.test(name)) {
    members.name.refuse(
      "browsers drop a cookie of this name that is not secure; leave out the prefix or `secure: false`",
    );
  }
  if (cookie.httpOnly === false && /^__(?:host-)?http-/.test(name)) {
    members.name.refuse(
      "browsers drop a cookie of this name that scripts can read; leave out the prefix or `httpOnly: false`",
    );
  }
  if (!name.startsWith("__host-")) return;
  if (domain !== undefined) {
    members.domain.refuse(
      "a `__Host-` cookie has no domain; leave the domain out, or the prefix of the name",
    );
  }
  if (path !== undefined && path !== "/") {
    members.path.refuse('a `__Host-` cookie has the path "/"; leave the path out, or the prefix of the name');
  }
}
