import { type EnvReference, readFrom, resolveText } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";

/** The url that a text is, of one of these protocols. Throws `SessionError` `"config"` without repeating it: it may hold a password. */
export function toServerUrl(
  text: string | EnvReference,
  protocols: readonly string[],
  dialect: string,
): string {
  const url = resolveText(text, urlOption);
  // Without the slashes it is a url as well, of no host: drivers take the usual one then.
  const isOfProtocol = protocols.some((protocol) => url.toLowerCase().startsWith(`${protocol}://`));
  if (isOfProtocol && URL.canParse(url)) return url;
  const [protocol] = protocols;
  throw new SessionError(
    "config",
    `The url of a ${dialect} database is like ${protocol}://user:password@host/database.${readFrom(text)}`,
  );
}

/** What messages call the option that it is. */
export const urlOption = "The database backend's url";

/**
 * Where a url leads, without what is secret; `undefined` when that cannot be told. A reference to the environment
 * stands for itself, since it is read later.
 */
export function publicPlace(url: string | EnvReference): string | undefined {
  if (typeof url !== "string") {
    const place = url.default === undefined ? "" : publicPlace(url.default);
    return place === undefined ? undefined : `${url.env} ${place}`;
  }
  const parsed = parseUrl(url);
  if (parsed === undefined) return undefined;
  const { protocol, username, host, pathname, searchParams } = parsed;
  const options = [...searchParams].filter(([name]) => !/pass|ssl|secret|key/i.test(name));
  return JSON.stringify([protocol, username, host, pathname, options]);
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
