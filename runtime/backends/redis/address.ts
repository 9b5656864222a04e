import { type EnvReference, readFrom, resolveText } from "../../platform/env.js";
import { SessionError } from "../../platform/errors.js";

/** The url of one server, or the path of its socket, as ioredis takes it. What it throws does not repeat it, as ioredis would, password and all. */
export function toServer(text: string | EnvReference): string {
  const address = resolveText(text);
  if (address.startsWith("/")) return address;
  toUrl(text);
  return withScheme(address);
}

/** Of a url or `host:port`. */
export function toAddress(
  text: string | EnvReference,
  usualPort: number,
): { readonly host: string; readonly port: number } {
  const { hostname, port } = toUrl(text);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usualPort : Number(port) };
}

/** The number of the database that an address names; `undefined` when it names none. */
export function toDatabase([first]: readonly (string | EnvReference)[]): number | undefined {
  const name = toUrl(first ?? "").pathname.slice(1);
  return name === "" ? undefined : Number(name);
}

/** User, password and encryption, as the first address says: they are the same for all. */
export function toLogin([first]: readonly (string | EnvReference)[]): {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
} {
  const { username, password, protocol } = toUrl(first ?? "");
  return {
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
}

/** Throws `SessionError` `"config"`. */
function toUrl(text: string | EnvReference): URL {
  const address = resolveText(text);
  const whole = withScheme(address);
  // A URL is read without the blanks around it, which ioredis takes for a part of the address.
  const isWhole = address !== "" && address === address.trim();
  const url = isWhole && URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) {
    throw new SessionError(
      "config",
      `An address of Redis is like redis://user:password@host:6379/0, or with rediss: for encryption, or host:port.${readFrom(text)}`,
    );
  }
  if (!/^\/?\d*$/.test(url.pathname)) {
    throw new SessionError(
      "config",
      `What follows the host in an address of Redis is the number of a database.${readFrom(text)}`,
    );
  }
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new SessionError(
      "config",
      `A % in the user or password of an address of Redis is written as %25.${readFrom(text)}`,
    );
  }
  return url;
}

/** Without one, ioredis takes what follows the host for the path of a socket. */
function withScheme(text: string): string {
  return text.includes("://") ? text : `redis://${text}`;
}
