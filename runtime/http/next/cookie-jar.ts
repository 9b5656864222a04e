import { SessionError } from "../../platform/errors.js";

/** A cookie as Next is told of it. */
export interface NextCookie {
  readonly name: string;
  readonly value: string;
  readonly path?: string;
  readonly domain?: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly expires?: Date;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: "lax" | "strict" | "none";
  readonly partitioned?: boolean;
  readonly priority?: "low" | "medium" | "high";
}

/** What `await cookies()` of `next/headers` gives: of it, what a session needs. */
export interface NextCookies {
  getAll(): readonly { readonly name: string; readonly value: string }[];
  set(cookie: NextCookie): unknown;
}

/** The `Cookie` header that these cookies came from. Next decodes their values: one that could pass for several is left out. */
export function cookieHeaderOf(cookies: NextCookies): string {
  const plain = cookies
    .getAll()
    .filter(({ name, value }) => !/[\s;,="]/.test(name) && !/[\s;,"]/.test(value));
  return plain.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/**
 * Throws `SessionError` `"unsupported"` where Next lets nobody set a cookie: while it renders, and after the response. Sets none:
 * what it asks for has no name that could be read.
 */
export function requireWritable(cookies: NextCookies, name: string): void {
  const reached = new Error("Next would set the cookie.");
  const probe = {
    get name(): string {
      throw reached;
    },
    value: "",
  };
  try {
    cookies.set(probe);
  } catch (cause) {
    if (cause === reached) return;
    throw new SessionError(
      "unsupported",
      `The ${name} cannot be written here: Next lets cookies be set in Server Actions and Route Handlers only, and only until the response begins. Write it there; sessionProxy keeps it alive.`,
      { cause },
    );
  }
}

/** A Set-Cookie value of ours, as Next is told of it. */
export function toNextCookie(header: string): NextCookie {
  const [pair = "", ...attributes] = header.split("; ");
  const [name, value] = splitAt(pair);
  return Object.assign({ name, value }, ...attributes.map(toAttribute));
}

function toAttribute(text: string): Partial<NextCookie> {
  const [name, value] = splitAt(text);
  switch (name) {
    case "Path":
      return { path: value };
    case "Domain":
      return { domain: value };
    case "Max-Age":
      return { maxAge: Number(value) };
    case "Expires":
      return { expires: new Date(value) };
    case "HttpOnly":
      return { httpOnly: true };
    case "Secure":
      return { secure: true };
    case "Partitioned":
      return { partitioned: true };
    default:
      return { [name === "SameSite" ? "sameSite" : name.toLowerCase()]: value.toLowerCase() };
  }
}

function splitAt(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
