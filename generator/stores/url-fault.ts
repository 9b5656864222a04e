import type { DatabaseModel } from "../model/backend-model.js";
import type { Text } from "../model/model.js";
import { currentText } from "./current-text.js";

/**
 * What is wrong with the address of a server, or the path of an SQLite database, and where it is read. It does not repeat it, password and
 * all. `undefined` when nothing can be seen, or there is none.
 */
export function urlFault(kind: DatabaseModel["dialect"] | "redis", text: Text): string | undefined {
  const url = currentText(text);
  const fault = url === undefined ? undefined : faults[kind](url);
  if (fault === undefined || typeof text === "string") return fault;
  return `${fault} It is read from env("${text.env}").`;
}

const faults = {
  sqlite: (url: string) =>
    /^(?:[a-z][a-z0-9+.-]+:\/\/|file:|sqlite:)/i.test(url)
      ? 'The url of an SQLite database is a file path or ":memory:", not a URI.'
      : undefined,
  postgres: (url: string) =>
    /^postgres(?:ql)?:\/\//i.test(url) && URL.canParse(url)
      ? undefined
      : "The url of a PostgreSQL database is like postgres://user:password@host/database.",
  mysql: (url: string) =>
    /^(?:mysql|mariadb):\/\//i.test(url) && URL.canParse(url)
      ? undefined
      : "The url of a MySQL database is like mysql://user:password@host/database.",
  redis: redisFault,
};

/** As the runtime has it; ioredis would say less, and of some of them nothing. */
function redisFault(text: string): string | undefined {
  if (text.startsWith("/")) return undefined;
  const address = text.includes("://") ? text : `redis://${text}`;
  const url = text === text.trim() && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol))
    return "An address of Redis is like redis://user:password@host:6379/0, or with rediss: for encryption, or host:port.";
  if (!/^\/?\d*$/.test(url.pathname))
    return "What follows the host in an address of Redis is the number of a database.";
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return "A % in the user or password of an address of Redis is written as %25.";
  }
  return undefined;
}
