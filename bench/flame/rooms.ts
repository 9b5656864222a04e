/** What the time of a request is spent in, and how a picture calls it. */
export const rooms = {
  session: "the session and the handler",
  driver: "the driver, and sending to the server",
  framework: "the framework and Node",
  collector: "garbage collection",
  native: "outside JavaScript",
} as const;

export type Room = keyof typeof rooms;

/**
 * Where a function belongs that was called from a room; `undefined` where nothing called it. Node's own functions belong to
 * their caller, but for HTTP, and for streams and sockets: what a session leaves to those is sent to a server.
 */
export function roomOf(name: string, url: string, caller: Room | undefined): Room {
  if (name === "(garbage collector)") return "collector";
  if (name === "(program)") return "native";
  const library = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (library !== undefined) return drivers.test(library) ? "driver" : "framework";
  if (url.startsWith("node:_http_")) return "framework";
  if (/^node:(?:net|internal\/(?:streams|stream_base))/.test(url) && caller === "session") return "driver";
  if (url === "" || url.startsWith("node:")) return caller ?? "framework";
  return "session";
}

/** ioredis, pg and mysql2, with what each is made of. */
const drivers =
  /redis|standard-as-callback|^pg(?:-|$)|^(?:mysql2|lru\.min|denque|long|iconv-lite|sqlstring)$/;
